import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { until } from './support.ts';

/** The program as it is installed: needs the build and the model that ships. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const CLI = join(ROOT, 'dist/cli.js');

/** What is missing for tests of the whole program; empty where nothing is. */
export const missing = !existsSync(CLI)
  ? 'npm run build'
  : existsSync(join(ROOT, 'models/undertone-lite/model.json'))
    ? ''
    : 'models/undertone-lite';

export function start(...args: string[]) {
  return startWith({}, ...args);
}

/** With the cheap model, unless another is named: tests of the server wait for no music to be heard well. */
export function startWith(env: Record<string, string>, ...args: string[]) {
  const model = args.includes('--model') ? [] : ['--model', 'undertone-lite'];
  const child: ChildProcess = spawn(process.execPath, [CLI, 'serve', ...model, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const running = {
    child,
    out: '',
    err: '',
    code: () => child.exitCode ?? (child.signalCode === null ? undefined : -1),
  };
  child.stdout?.on('data', (data) => {
    running.out += data;
  });
  child.stderr?.on('data', (data) => {
    running.err += data;
  });
  return running;
}

export type ServeProcess = ReturnType<typeof startWith>;

/** Waits for it to listen; returns where. */
export async function listening(server: ServeProcess): Promise<{ port: number; url: string }> {
  await until(() => server.out.includes('Ctrl-C ends it.') || server.code() !== undefined, 'the start');
  const url = /dashboard {2}(https?:\/\/[^/]+\/)/.exec(server.out)?.[1];
  if (url === undefined) throw new Error(`It did not start: ${server.err}`);
  return { port: Number(new URL(url).port), url };
}
