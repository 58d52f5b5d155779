import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { until } from '../server/support.ts';

const SCRIPT = fileURLToPath(new URL('busy-server.mjs', import.meta.url));
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
export const isBuilt = existsSync(CLI);
if (!isBuilt) console.warn('Tests with a server process are skipped: npm run build is missing.');

export interface Emitted {
  readonly run: number;
  readonly seq: number;
  readonly atMs: number;
}

/** Starts busy-server.mjs; returns its URL and the frames that it has emitted so far. */
export async function startBusyServer(dataDir: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { ...process.env, DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  await until(() => out.includes('\n') || child.exitCode !== null, 'the server', 120_000);
  if (child.exitCode !== null) throw new Error(`The server did not start: ${err}`);
  return {
    url: out.slice(0, out.indexOf('\n')),
    /** Emitted frames; the last line may be incomplete and is left out. */
    emitted: (): Emitted[] =>
      out
        .slice(out.indexOf('\n') + 1, out.lastIndexOf('\n') + 1)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [run, seq, atMs] = line.split(' ').map(Number);
          return { run: run!, seq: seq!, atMs: atMs! };
        }),
    async end(signal: NodeJS.Signals): Promise<void> {
      child.kill(signal);
      await exited;
    },
  };
}
