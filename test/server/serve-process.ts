import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { tempFolder, until } from './support.ts';

/** The built program; its tests need the build and the model in models/. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const CLI = join(ROOT, 'dist/cli.js');

/** What tests of the whole program lack; empty where they can run. */
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
 * Starts a process for several tests; the caller ends it. Uses the lite model unless another is named, as tests of the
 * server do not depend on accuracy.
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

/** Starts the program with a configuration, and waits until it listens. It ends with the test. */
export async function serveWith(config: object = {}, env: Record<string, string> = {}) {
  const folder = tempFolder();
  const file = join(folder, 'undertone.json');
  const streams = [{ name: 'demo', source: 'demo:' }];
  writeFileSync(file, JSON.stringify({ port: 0, dataDir: 'data', engine: 'wasm', streams, ...config }));
  const server = startWith(env, '--config', file);
  return { server, folder, file, dataDir: join(folder, 'data'), ...(await listening(server)) };
}

export type ServeProcess = ReturnType<typeof spawnServe>;

/** Waits until the program listens; returns its port and URL. */
export async function listening(server: ServeProcess): Promise<{ port: number; url: string }> {
  await until(() => server.out.includes('Press Ctrl-C to stop.') || server.code() !== undefined, 'the start');
  const url = /dashboard {2}(https?:\/\/[^/]+\/)/.exec(server.out)?.[1];
  if (url === undefined) throw new Error(`It did not start: ${server.err}`);
  return { port: Number(new URL(url).port), url };
}
