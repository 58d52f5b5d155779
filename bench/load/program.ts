import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLI = new URL('../dist/cli.js', import.meta.url).pathname; // Seen from the bundle in bench/.

export interface ProgramOptions {
  readonly model: string;
  readonly engine: string;
  /** Folder for the CPU profiles of its threads, which are written when it stops. */
  readonly profile?: string | undefined;
}

/** The built program with a log of its own and no streams, in a process of its own. */
export class Program {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.url = url;
  }

  static async start({ model, engine, profile }: ProgramOptions): Promise<Program> {
    if (!existsSync(CLI)) throw new Error('There is no build: run npm run build first.');
    const folder = mkdtempSync(join(tmpdir(), 'undertone-bench-'));
    const config = join(folder, 'undertone.json');
    const limits = { streams: 10_000, sockets: 20_000, requestsPerMinute: 1_000_000 };
    writeFileSync(
      config,
      JSON.stringify({ port: 0, dataDir: 'data', streams: [], logLevel: 'warn', model, engine, limits }),
    );
    const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
    const child = spawn(process.execPath, [...profiling, CLI, 'serve', '--config', config], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.on('exit', () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout!.on('data', (data) => {
        text += data;
        const found = /dashboard {2}(\S+)/.exec(text)?.[1];
        if (found) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
    });
    return new Program(child, folder, url);
  }

  /** CPU time so far in seconds, and resident memory in MiB. */
  async usage(): Promise<{ readonly cpuSeconds: number; readonly mebibytes: number }> {
    const text = await (await fetch(`${this.url}metrics`)).text();
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
    return {
      cpuSeconds: value('process_cpu_seconds_total'),
      mebibytes: value('process_resident_memory_bytes') / 2 ** 20,
    };
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
