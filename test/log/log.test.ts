import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decodeForecasts, encodeForecasts } from '../../src/log/forecast-blob.ts';
import { Log } from '../../src/log/log.ts';
import { MIGRATIONS } from '../../src/log/migrations.ts';
import type { EmotionFrame, ServerNotice, StreamEvent } from '../../src/types.ts';
import { frameOf, sleep, tempFolder, until } from '../server/support.ts';

function openLog(options: Partial<ConstructorParameters<typeof Log>[0]> = {}) {
  const log = new Log({ dataDir: tempFolder(), ...options });
  onTestFinished(() => log.close());
  return log;
}

async function framesOf(log: Log, stream: string, fromMs = 0, toMs = 8e15): Promise<EmotionFrame[]> {
  const frames: EmotionFrame[] = [];
  for await (const page of log.history.frames(stream, { fromMs, toMs })) frames.push(...page);
  return frames;
}

describe('the log', () => {
  test('returns exactly the frames written, in order, across runs and pages, within a range', async () => {
    const log = openLog();
    const written: EmotionFrame[] = [];
    for (const run of [log.startRun('a', 'demo:', 'm', 1000), log.startRun('a', 'demo:', 'm', 2_000_000)]) {
      for (let seq = 0; seq < 1500; seq++) {
        const frame = frameOf('a', seq, run * 2_000_000 + seq * 500);
        written.push(frame);
        log.write(run, seq, frame);
      }
    }
    log.flush();
    expect(await framesOf(log, 'a')).toEqual(written);
    const [from, to] = [written[700]!, written[1600]!];
    expect(await framesOf(log, 'a', Date.parse(from.time), Date.parse(to.time))).toEqual(
      written.slice(700, 1600),
    );
    expect(await framesOf(log, 'unknown')).toEqual([]);
  });

  test('computes the means of buckets from their frames, across hours and runs', async () => {
    const log = openLog();
    const written: EmotionFrame[] = [];
    let timeMs = Date.parse('2026-01-01T00:59:30Z');
    for (let run = 1; run <= 2; run++) {
      const id = log.startRun('a', 'demo:', 'm', timeMs);
      for (let seq = 0; seq < 9_000; seq++, timeMs += 500) {
        written.push(frameOf('a', seq, timeMs));
        log.write(id, seq, written.at(-1)!);
      }
    }
    log.flush();
    const buckets = [];
    for await (const page of log.history.buckets('a', { fromMs: 0, toMs: 8e15 }, 600_000))
      buckets.push(...page);
    const groups = byBucket(written);
    expect(buckets.map((bucket) => bucket.frames)).toEqual(
      [...groups.values()].map((frames) => frames.length),
    );
    for (const [i, frames] of [...groups.values()].entries()) {
      const valences = frames.flatMap((frame) => frame.valence ?? []);
      const bucket = buckets[i]!;
      expect(bucket.valence).toBeCloseTo(valences.reduce((a, b) => a + b, 0) / valences.length, 5);
      expect(bucket.valenceMax).toBe(Math.max(...valences));
      expect(bucket.silence).toBeCloseTo(
        frames.filter((f) => f.activity === 'silence').length / frames.length,
        9,
      );
    }
  });

  test('returns events in their place, with all their fields', () => {
    const log = openLog();
    const run = log.startRun('a', 'demo:', 'm', 0);
    const base = { stream: 'a', t: 1, time: new Date(5).toISOString(), message: 'x' };
    const events: StreamEvent[] = [
      { type: 'stream-started', ...base },
      { type: 'gap', ...base, reason: 'overflow', seconds: 0.25 },
      { type: 'stream-stopped', ...base, code: 'bad-format' },
    ];
    log.write(run, 0, events[0]!);
    log.write(run, 0, frameOf('a', 0));
    log.write(run, 1, events[1]!);
    log.write(run, 1, frameOf('a', 1));
    log.write(run, 2, events[2]!);
    log.flush();
    const { messages, complete } = log.history.after('a', run, -1, 100);
    expect(complete).toBe(true);
    expect(messages.map((m) => m.type)).toEqual([
      'stream-started',
      'emotion',
      'gap',
      'emotion',
      'stream-stopped',
    ]);
    expect(messages.filter((m) => m.type !== 'emotion')).toEqual(events);
    expect(log.history.after('a', run, 0, 100).messages.map((m) => m.type)).toEqual([
      'gap',
      'emotion',
      'stream-stopped',
    ]);
  });

  test('encodes any forecast without loss', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      fc.integer({ min: -1_000_000, max: 1_000_000 }).map((x) => x / 1e6),
    );
    const forecast = fc.record({
      horizon: fc.constantFrom(0.5, 1, 2, 5, 10),
      valence: number,
      arousal: number,
      valenceLow: number,
      valenceHigh: number,
      arousalLow: number,
      arousalHigh: number,
    });
    fc.assert(
      fc.property(fc.array(forecast, { maxLength: 6 }), (forecasts) => {
        expect(JSON.stringify(decodeForecasts(encodeForecasts(forecasts)))).toBe(JSON.stringify(forecasts));
      }),
    );
    expect(encodeForecasts(frameOf('a', 0).forecast)).toHaveLength(106);
  });
});

describe('a disk that fails', () => {
  test('is reported once, and nothing is lost when it works again', async () => {
    const notices: ServerNotice[] = [];
    const dataDir = tempFolder();
    const log = openLog({ dataDir, flushMs: 20, onNotice: (notice) => notices.push(notice) });
    const run = log.startRun('a', 'demo:', 'm', 0);
    log.flush();
    // Another program locks the file for longer than the log waits.
    const other = new Database(join(dataDir, 'undertone.db'));
    other.exec('BEGIN IMMEDIATE');
    for (let seq = 0; seq < 100; seq++) log.write(run, seq, frameOf('a', seq));
    await until(() => log.failing, 'the failure');
    await sleep(300);
    other.exec('ROLLBACK');
    other.close();
    await until(() => !log.failing, 'the recovery');
    expect(notices.map((notice) => notice.code)).toEqual(['log-failed', 'log-restored']);
    expect(notices[0]?.message).toContain('another program has locked it');
    expect((await framesOf(log, 'a')).map((frame) => frame.seq)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
  });

  test('for too long makes the log drop, count and report messages', async () => {
    const notices: ServerNotice[] = [];
    const dataDir = tempFolder();
    const log = openLog({
      dataDir,
      flushMs: 60_000,
      maxQueued: 50,
      onNotice: (notice) => notices.push(notice),
    });
    const other = new Database(join(dataDir, 'undertone.db'));
    other.exec('BEGIN IMMEDIATE');
    const run = log.startRun('a', 'demo:', 'm', 0);
    for (let seq = 0; seq < 100; seq++) log.write(run, seq, frameOf('a', seq));
    expect(log.flush()).toBe(false);
    other.exec('ROLLBACK');
    other.close();
    expect(log.flush()).toBe(true);
    expect(log.dropped).toBe(51);
    expect(notices.at(-1)).toMatchObject({
      code: 'log-restored',
      message: expect.stringContaining('51 messages were lost'),
    });
    expect(await framesOf(log, 'a')).toHaveLength(49);
  });
});

describe('a data directory', () => {
  test.each([
    ['that cannot be created', 'data-dir', () => '/proc/undertone/data'],
    [
      'that is a file',
      'data-dir',
      (folder: string) => writeFileSync(join(folder, 'x'), '') ?? join(folder, 'x'),
    ],
    [
      'below a file',
      'data-dir',
      (folder: string) => writeFileSync(join(folder, 'x'), '') ?? join(folder, 'x', 'y'),
    ],
    [
      'where the log is a folder',
      'data-dir',
      (folder: string) => mkdirSync(join(folder, 'undertone.db')) ?? folder,
    ],
    [
      'where the log is not a database',
      'log-damaged',
      (folder: string) => writeFileSync(join(folder, 'undertone.db'), 'no database '.repeat(500)) ?? folder,
    ],
  ])('%s is rejected with a sentence', (_what, code, prepare) => {
    const dataDir = prepare(tempFolder());
    expect(() => new Log({ dataDir })).toThrow(
      expect.objectContaining({ name: 'UserError', code, message: expect.stringContaining('--data-dir') }),
    );
  });

  test('that another server uses is rejected, until that server closes it', () => {
    const dataDir = tempFolder();
    const first = new Log({ dataDir });
    expect(() => new Log({ dataDir })).toThrow(expect.objectContaining({ code: 'data-dir-busy' }));
    first.close();
    new Log({ dataDir }).close();
  });

  test('written by a newer undertone is rejected', () => {
    const dataDir = tempFolder();
    new Log({ dataDir }).close();
    const db = new Database(join(dataDir, 'undertone.db'));
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    expect(() => new Log({ dataDir })).toThrow(expect.objectContaining({ code: 'log-too-new' }));
  });
});

describe('kill -9', () => {
  test('loses at most the last second', async () => {
    const dataDir = tempFolder();
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER], {
      env: { ...process.env, DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const emitted = collect(child);
    await until(() => emitted.length > 60, 'two seconds of frames');
    child.kill('SIGKILL');
    const killedMs = Date.now();
    await new Promise((resolve) => child.once('exit', resolve));

    const log = openLog({ dataDir });
    const logged = await framesOf(log, 'a');
    // Without a gap, and with everything that was emitted more than a second before the kill.
    expect(logged.map((frame) => frame.seq)).toEqual(logged.map((_, i) => i));
    const expected = emitted.filter(({ atMs }) => atMs < killedMs - 1000).length;
    expect(expected).toBeGreaterThan(0);
    expect(logged.length).toBeGreaterThanOrEqual(expected);
    // The log can still be written.
    log.write(log.startRun('a', 'demo:', 'm', Date.now()), 0, frameOf('a', 0));
    expect(log.flush()).toBe(true);
  });
});

/** Logs a frame every 25 ms and prints the time. Runs from the build, because Node 20 cannot run TypeScript. */
const WRITER = `
  const { Log } = await import(${JSON.stringify(new URL('../../dist/src/log/log.js', import.meta.url).href)});
  const log = new Log({ dataDir: process.env.DATA_DIR });
  const run = log.startRun('a', 'demo:', 'm', Date.now());
  let seq = 0;
  setInterval(() => {
    const time = new Date().toISOString();
    log.write(run, seq, { type: 'emotion', stream: 'a', seq, t: (seq + 1) / 2, time, valence: 0, arousal: 0, valenceSd: 0,
      arousalSd: 0, forecast: [], mood: 'calm', loudness: -20, activity: 'music', confidence: 1, latencyMs: 1 });
    console.log(Date.now());
    seq++;
  }, 25);
`;

function collect(child: ChildProcess): { atMs: number }[] {
  const emitted: { atMs: number }[] = [];
  child.stdout?.on('data', (data: Buffer) => {
    for (const line of String(data).trim().split('\n')) emitted.push({ atMs: Number(line) });
  });
  return emitted;
}

function byBucket(frames: EmotionFrame[]): Map<number, EmotionFrame[]> {
  const groups = new Map<number, EmotionFrame[]>();
  for (const frame of frames) {
    const key = Math.floor(Date.parse(frame.time) / 600_000);
    const group = groups.get(key) ?? [];
    group.push(frame);
    groups.set(key, group);
  }
  return groups;
}
