import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { frameOf, sleep, tempFolder } from '../server/support.ts';
import { CLI, isBuilt, startBusyServer } from './busy-server.ts';
import { endRun, openLog, writeRun } from './open-log.ts';

const DAY_MS = 86_400_000;

/** Sends a request; returns the JSON of the answer. */
async function request(url: string, path: string, body?: unknown) {
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

describe.skipIf(!isBuilt)('a server that starts on an existing log', () => {
  test('continues one of the first release', async () => {
    const dataDir = tempFolder();
    copyFileSync(new URL('../fixtures/log/schema-1.db', import.meta.url), join(dataDir, 'undertone.db'));
    const server = await startBusyServer(dataDir, { STREAMS: '1' });
    for (const [stream, frames] of [
      ['booth', 240],
      ['room-2', 60],
    ] as const) {
      const steps = await request(server.url, `v1/streams/${stream}/emotions?from=0`);
      expect(steps.frames).toHaveLength(frames);
      const days = await request(server.url, `v1/streams/${stream}/emotions?from=0&resolution=1d`);
      expect(days.frames.reduce((sum: number, day: { frames: number }) => sum + day.frames, 0)).toBe(frames);
    }
    const session = await request(server.url, 'v1/sessions', { stream: 'stream-0' });
    expect(session).toMatchObject({ stream: 'stream-0', stoppedAt: null });
    await server.end('SIGTERM');
    // Its own frames are in later runs.
    const log = openLog({ dataDir });
    expect(log.history.runs('stream-0')).toMatchObject([{ run: 4 }]);
  });

  test('rejects one of a newer undertone with a sentence, and does not change it', () => {
    const dataDir = tempFolder();
    const file = join(dataDir, 'undertone.db');
    const db = new Database(file);
    db.exec('CREATE TABLE of_the_future (x); PRAGMA user_version = 99');
    db.close();
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [CLI, 'serve', '--model', 'undertone-lite', '--source', 'demo:', '--port', '0', '--data-dir', dataDir],
      { encoding: 'utf8' },
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.trim()).toMatch(/^\S.*written by a newer undertone \(schema 99, .*update undertone.*\.$/);
    const after = new Database(file);
    expect(after.prepare('SELECT name FROM sqlite_master').all()).toEqual([{ name: 'of_the_future' }]);
    after.close();
  });

  test('drops old frames, except those of a session', async () => {
    const dataDir = tempFolder();
    const startMs = Date.now() - 10 * DAY_MS;
    const log = openLog({ dataDir });
    const frames = Array.from({ length: 600 }, (_, seq) => frameOf('booth', seq, startMs + seq * 500));
    endRun(log, writeRun(log, frames), frames.at(-1)!);
    log.close();
    const [startedAt, stoppedAt] = [frames[100]!.time, frames[199]!.time];

    const before = await startBusyServer(dataDir, { STREAMS: '0' });
    await request(before.url, 'v1/sessions', { stream: 'booth', startedAt, stoppedAt });
    await before.end('SIGKILL');

    const server = await startBusyServer(dataDir, { STREAMS: '0', KEEP: '1d' });
    const seqs = async (): Promise<number[]> => {
      const { frames } = await request(server.url, 'v1/streams/booth/emotions?from=0');
      return frames.map(({ seq }: { seq: number }) => seq);
    };
    for (let tries = 0; tries < 300 && (await seqs()).length === frames.length; tries++) await sleep(100);
    expect(await seqs()).toEqual(Array.from({ length: 100 }, (_, i) => 100 + i));
    const minutes = await request(server.url, 'v1/streams/booth/emotions?from=0&resolution=1m');
    expect(minutes.frames.length).toBeGreaterThanOrEqual(5); // Rollups stay.
    await server.end('SIGTERM');
  });
});
