import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import type { StreamEvent } from '../../src/types.ts';
import { FAKETIME, fakeClock } from '../support/faketime.ts';
import { CLI, listening, missing, type ServeProcess, spawnServe, startWith } from './serve-process.ts';
import { sleep, tempFolder } from './support.ts';

const skipped = missing !== '' || FAKETIME === undefined;
if (FAKETIME === undefined)
  console.warn(
    'The tests with a clock that is set are skipped: libfaketime is not installed (apt-get install faketime).',
  );

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
/** Frames between two things that a test does. */
const FRAMES = 3;

describe.skipIf(skipped)('a server whose clock is set', () => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-clock-'));
  let clock: ReturnType<typeof fakeClock>;
  let server: ServeProcess;
  let client: Client;
  const events: StreamEvent[] = [];
  const stopLive = new AbortController();
  /** How far the clock is ahead of the computer's own. */
  let aheadS = 0;

  beforeAll(async () => {
    clock = fakeClock(folder);
    server = spawnServe(
      { ...clock.env, TZ: 'UTC' },
      ...['--engine', 'wasm', '--port', '0', '--source', 'demo:', '--data-dir', join(folder, 'data')],
    );
    client = createClient({ url: (await listening(server)).url });
    void (async () => {
      for await (const message of client.live({ signal: stopLive.signal }))
        if (message.type === 'clock-changed') events.push(message);
    })().catch(() => {});
    await frames(FRAMES);
  });

  afterAll(() => {
    stopLive.abort();
    server?.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Waits for some frames more. */
  async function frames(count: number): Promise<void> {
    const seq = async () => (await client.streams.get('demo').catch(() => undefined))?.last?.seq ?? -1;
    const last = (await seq()) + count;
    while ((await seq()) < last) await sleep(50);
  }

  test.sequential.each([
    ['back by 20 s', -20],
    ['back by an hour', -HOUR_S],
    ['forward by 90 days', 90 * DAY_S],
    ['to a stop', null],
  ] as const)(
    '%s: a session keeps its length and its frames, and a marker set now is now',
    async (_, seconds) => {
      const { id } = await client.sessions.start({ stream: 'demo' });
      await frames(FRAMES);
      if (seconds === null) clock.stopAt(new Date(Date.now() + aheadS * 1000));
      else {
        aheadS += seconds;
        clock.setTo(aheadS);
      }
      await frames(FRAMES);
      const marker = await client.sessions.addMarker(id);
      await frames(FRAMES);
      const session = await client.sessions.stop(id);
      const { start, stop } = session;
      const length = stop!.t - start!.t;
      expect(length).toBeGreaterThanOrEqual(0.5 * (3 * FRAMES - 1));
      const { frames: rows } = await client.sessions.emotions(id, { forecast: 'no', times: 'session' });
      // Audio time and the monotonic clock; emission times jitter, and are late on a busy machine.
      const toleranceS = 2 + Math.max(...rows.map(({ latencyMs }) => latencyMs)) / 1000;
      expect(Math.abs(session.seconds - length)).toBeLessThan(toleranceS);
      expect(Math.abs(marker.at - (marker.t! - start!.t))).toBeLessThan(toleranceS);
      expect(Math.abs(rows.length - 2 * length)).toBeLessThanOrEqual(2);
      for (const [i, row] of rows.entries()) expect(row.seq).toBe(rows[0]!.seq + i);
      const at = rows.map(({ time }) => (Date.parse(time) - Date.parse(session.startedAt)) / 1000);
      expect(at).toEqual(at.toSorted((a, b) => a - b));
      expect(at[0]).toBeGreaterThanOrEqual(0);
      expect(at.at(-1)).toBeLessThanOrEqual(session.seconds + 0.001);
      const total = session.clockChanges.reduce((sum, change) => sum + change.seconds, 0);
      if (seconds === null) expect(total).toBeLessThan(2);
      else expect(total).toBeCloseTo(seconds, 0);
      const report = await (await client.sessions.report(id, { format: 'text' })).text();
      expect(report).toContain('clock was set during this session');
      expect(report).toMatch(/, \d+ s\nThe computer/);
    },
  );

  test.sequential('each change is announced to clients and in the server log', () => {
    expect(events.slice(0, 1)).toMatchObject([
      { type: 'clock-changed', stream: 'demo', seconds: expect.closeTo(-20, 0) },
    ]);
    expect(server.out + server.err).toMatch(/clock was set back by 20 s/);
  });

  test.sequential('the log has every frame once, and agrees with itself', async () => {
    const all = { from: '1970-01-01', to: '2100-01-01' };
    const { frames: rows } = await client.streams.emotions('demo', { ...all, forecast: 'no' });
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i));
    for (const resolution of ['1s', '10s', '1m'] as const) {
      const { frames: buckets } = await client.streams.emotions('demo', { ...all, resolution });
      const times = buckets.map(({ time }) => Date.parse(time));
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      expect(buckets.reduce((sum, bucket) => sum + bucket.frames, 0)).toBeGreaterThanOrEqual(rows.length);
    }
    const { stdout } = await promisify(execFile)(process.execPath, [
      CLI,
      'doctor',
      '--full',
      '--data-dir',
      join(folder, 'data'),
    ]);
    expect(stdout).not.toContain('fault');
  });
});

describe.skipIf(skipped)('an hour of daylight-saving change', () => {
  test.each([
    ['2026-10-25T01:00:00Z', /02:59:\d\d CEST to 02:0\d:\d\d CET \(Europe\/Berlin\)/],
    ['2027-03-28T01:00:00Z', /01:59:\d\d CET to 03:0\d:\d\d CEST \(Europe\/Berlin\)/],
  ])('at %s is no change of the clock', async (at, expected) => {
    const folder = tempFolder();
    const clock = fakeClock(folder);
    const args = ['--engine', 'wasm', '--port', '0', '--source', 'demo:', '--data-dir', join(folder, 'data')];
    const server = startWith({ ...clock.env, TZ: 'Europe/Berlin' }, ...args);
    const client = createClient({ url: (await listening(server)).url });
    const lastMs = async () => Date.parse((await client.streams.get('demo')).last?.time ?? '1970-01-01');
    /** Whether the newest frame is of the hour before: an earlier attempt leaves one that is later. */
    const isBefore = async () => {
      const beforeMs = Date.parse(at) - (await lastMs());
      return beforeMs > 0 && beforeMs < HOUR_S * 1000;
    };
    let id: string | undefined;
    while (id === undefined) {
      clock.setTo(Math.round((Date.parse(at) - Date.now()) / 1000) - 3);
      for (let i = 0; i < 100 && !(await isBefore()); i++) await sleep(20);
      // On a slow machine the change may have passed already.
      if (!(await isBefore())) continue;
      const started = await client.sessions.start({ stream: 'demo' });
      if (Date.parse(started.startedAt) < Date.parse(at)) id = started.id;
    }
    while ((await lastMs()) < Date.parse(at) + 1_000) await sleep(50);
    const session = await client.sessions.stop(id);
    expect(session.clockChanges).toEqual([]);
    // Not an hour more or less.
    expect(Math.abs(session.seconds - (session.stop!.t - session.start!.t))).toBeLessThan(60);
    expect(await (await client.sessions.report(id, { format: 'text' })).text()).toMatch(expected);
  });
});
