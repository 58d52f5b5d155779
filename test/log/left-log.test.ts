import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { frameOf, sleep, tempFolder } from '../server/support.ts';
import { CLI, isBuilt, startBusyServer } from './busy-server.ts';
import { endRun, openLog, writeRun } from './open-log.ts';

const DAY_MS = 86_400_000;

/** Asks a server; what comes is JSON of whatever kind. */
async function ask(url: string, path: string, body?: unknown) {
  const answer = await fetch(`${url}${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the server sends
  return (await answer.json()) as any;
}

describe.skipIf(!isBuilt)('a server that begins on the log of another', () => {
  test('of the first release goes on with it', async () => {
    const dataDir = tempFolder();
    copyFileSync(new URL('../fixtures/log/schema-1.db', import.meta.url), join(dataDir, 'undertone.db'));
    const server = await startBusyServer(dataDir, { STREAMS: '1' });
    for (const [stream, frames] of [
      ['booth', 240],
      ['room-2', 60],
    ] as const) {
      const steps = await ask(server.url, `v1/streams/${stream}/emotions?from=0`);
      expect(steps.frames).toHaveLength(frames);
      const days = await ask(server.url, `v1/streams/${stream}/emotions?from=0&resolution=1d`);
      expect(days.frames.reduce((sum: number, day: { frames: number }) => sum + day.frames, 0)).toBe(frames);
    }
    const session = await ask(server.url, 'v1/sessions', { stream: 'stream-0' });
    expect(session).toMatchObject({ stream: 'stream-0', stoppedAt: null });
    await server.end('SIGTERM');
    // Its own frames stand in runs after those that it found.
    const log = openLog({ dataDir });
    expect(log.history.runs('stream-0')).toMatchObject([{ run: 4 }]);
  });

  test('of a newer undertone refuses it with a sentence, and leaves it as it is', () => {
    const dataDir = tempFolder();
    const file = join(dataDir, 'undertone.db');
    const db = new Database(file);
    db.exec('CREATE TABLE what_will_be (x); PRAGMA user_version = 99');
    db.close();
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [CLI, 'serve', '--model', 'undertone-lite', '--source', 'demo:', '--port', '0', '--data-dir', dataDir],
      { encoding: 'utf8' },
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.trim()).toMatch(/^\S.*written by a newer undertone \(schema 99, .*update undertone.*\.$/);
    const after = new Database(file);
    expect(after.prepare('SELECT name FROM sqlite_master').all()).toEqual([{ name: 'what_will_be' }]);
    after.close();
  });

  test('drops what is too old, but for what a session keeps', async () => {
    const dataDir = tempFolder();
    const startMs = Date.now() - 10 * DAY_MS;
    const log = openLog({ dataDir });
    const frames = Array.from({ length: 600 }, (_, seq) => frameOf('booth', seq, startMs + seq * 500));
    endRun(log, writeRun(log, frames), frames.at(-1)!);
    log.close();
    const [startedAt, stoppedAt] = [frames[100]!.time, frames[199]!.time];

    const before = await startBusyServer(dataDir, { STREAMS: '0' });
    await ask(before.url, 'v1/sessions', { stream: 'booth', startedAt, stoppedAt });
    await before.end('SIGKILL');

    const server = await startBusyServer(dataDir, { STREAMS: '0', KEEP: '1d' });
    const seqs = async (): Promise<number[]> => {
      const { frames } = await ask(server.url, 'v1/streams/booth/emotions?from=0');
      return frames.map(({ seq }: { seq: number }) => seq);
    };
    for (let tries = 0; tries < 300 && (await seqs()).length === frames.length; tries++) await sleep(100);
    expect(await seqs()).toEqual(Array.from({ length: 100 }, (_, i) => 100 + i));
    const minutes = await ask(server.url, 'v1/streams/booth/emotions?from=0&resolution=1m');
    expect(minutes.frames.length).toBeGreaterThanOrEqual(5); // What is coarse stays.
    await server.end('SIGTERM');
  });
});
