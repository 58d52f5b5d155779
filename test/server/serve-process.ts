import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { tempFolder, until } from './support.ts';

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

export function startWith(env: Record<string, string>, ...args: string[]) {
  const running = spawnServe(env, ...args);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
}

/**
 * For more than one test: who starts it so ends it. With the cheap model, unless another is named: tests of the
 * server wait for no music to be heard well.
 */
export function spawnServe(env: Record<string, string>, ...args: string[]) {
  const model = args.includes('--model') ? [] : ['--model', 'undertone-lite'];
  const child: ChildProcess = spawn(process.execPath, [CLI, 'serve', ...model, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
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

/** The program with a configuration of its own, once it listens; it ends with the test. */
export async function serveWith(config: object = {}, env: Record<string, string> = {}) {
  const folder = tempFolder();
  const file = join(folder, 'undertone.json');
  const streams = [{ name: 'demo', source: 'demo:' }];
  writeFileSync(file, JSON.stringify({ port: 0, dataDir: 'data', engine: 'wasm', streams, ...config }));
  const server = startWith(env, '--config', file);
  return { server, folder, file, dataDir: join(folder, 'data'), ...(await listening(server)) };
}

export type ServeProcess = ReturnType<typeof spawnServe>;

/** Waits for it to listen; returns where. */
export async function listening(server: ServeProcess): Promise<{ port: number; url: string }> {
  await until(() => server.out.includes('Ctrl-C ends it.') || server.code() !== undefined, 'the start');
  const url = /dashboard {2}(https?:\/\/[^/]+\/)/.exec(server.out)?.[1];
  if (url === undefined) throw new Error(`It did not start: ${server.err}`);
  return { port: Number(new URL(url).port), url };
}
