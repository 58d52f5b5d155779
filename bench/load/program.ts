import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The built program, seen from the bundle in bench/. */
export const CLI = new URL('../dist/cli.js', import.meta.url).pathname;

export interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

/** Starts the built program in a process of its own, and waits until it listens. */
export async function serve(
  config: string,
  {
    nodeArgs = [],
    detached = false,
  }: { readonly nodeArgs?: readonly string[]; readonly detached?: boolean } = {},
): Promise<Served> {
  const child = spawn(process.execPath, [...nodeArgs, CLI, 'serve', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached,
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (data) => {
      text += data;
      const found = /dashboard {2}(\S+)/.exec(text)?.[1];
      if (found) resolve(found);
    });
    void ended.then((code) => reject(new Error(`The server ended at its start, with code ${code}.`)));
  });
  return { child, url, ended };
}

export interface ProgramOptions {
  readonly model: string;
  readonly engine: string;
  /** Folder for the CPU profiles of its threads, which are written when it stops. */
  readonly profile?: string | undefined;
}

/** The built program with a log of its own and no streams, in a process of its own. */
export class Program {
  readonly url: string;
  readonly #served: Served;
  readonly #folder: string;

  private constructor(served: Served, folder: string) {
    this.#served = served;
    this.#folder = folder;
    this.url = served.url;
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
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    const nodeArgs = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
    return new Program(await serve(config, { nodeArgs }), folder);
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
    this.#served.child.kill('SIGTERM');
    await this.#served.ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
