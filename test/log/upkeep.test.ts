import { describe, expect, test } from 'vitest';
import { BLOCK_FRAMES } from '../../src/log/upkeep/compactor.ts';
import { sleep } from '../server/support.ts';
import { bucketsOf, endRun, framesOf, openLog, querySql, writeFrames, writeRun } from './open-log.ts';
import { expectAlike, referenceBuckets } from './reference-buckets.ts';
import { syntheticFrames } from './synthetic-frames.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse('2026-01-01T00:00:00Z');

describe('packing', () => {
  test('moves frames into blocks and changes nothing else', async () => {
    const log = openLog();
    const frames = syntheticFrames('a', BLOCK_FRAMES + 820);
    const run = writeRun(log, frames.slice(0, BLOCK_FRAMES - 1));
    await log.settle();
    expect(querySql(log, 'SELECT frames FROM blocks')).toEqual([]);
    writeFrames(log, run, frames.slice(BLOCK_FRAMES - 1));
    await log.settle();
    expect(querySql(log, 'SELECT frames FROM blocks')).toMatchObject([{ frames: BLOCK_FRAMES }]);
    expect(querySql(log, 'SELECT count(*) AS n FROM frames')[0]!.n).toBe(820);
    expect(await framesOf(log, 'a')).toEqual(frames);
    expect(log.history.frame('a', run, 77)).toEqual(frames[77]);
    expect(log.history.latestRun('a')?.lastSeq).toBe(frames.length - 1);
    expect(log.history.after('a', run, 2_000, 900).messages).toEqual(frames.slice(2_001, 2_901));

    endRun(log, run, frames.at(-1)!);
    await log.settle();
    expect(querySql(log, 'SELECT frames FROM blocks ORDER BY first_seq').map((row) => row.frames)).toEqual([
      BLOCK_FRAMES,
      820,
    ]);
    expect(await framesOf(log, 'a')).toEqual(frames);
    expectAlike(await bucketsOf(log, 'a', 10_000), referenceBuckets(frames, 10_000));
  });

  test('continues after a restart', async () => {
    const first = openLog();
    const frames = syntheticFrames('a', 500);
    writeRun(first, frames);
    first.close();
    const log = openLog({ dataDir: first.dataDir });
    await log.settle();
    expect(querySql(log, 'SELECT count(*) AS n FROM frames')[0]!.n).toBe(0);
    expect(await framesOf(log, 'a')).toEqual(frames);
  });

  test('a reader gets each frame once while frames move', async () => {
    const log = openLog();
    const frames = syntheticFrames('a', 3 * BLOCK_FRAMES);
    const run = writeRun(log, frames.slice(0, 5_000));
    const seen: number[] = [];
    for await (const page of log.history.frames('a', { fromMs: 0, toMs: 8e15 })) {
      seen.push(...page.map((frame) => frame.seq));
      if (seen.length === 800) await log.settle();
      if (seen.length === 4_800) writeFrames(log, run, frames.slice(5_000));
    }
    expect(seen).toEqual(frames.map((frame) => frame.seq));
  });

  test('takes at most 3 KB for a minute of a stream, including rollups', async () => {
    const log = openLog();
    const halfHours = 8;
    const frames = syntheticFrames('a', halfHours * 3600);
    const run = log.startRun('a', 'demo:', 'm', START_MS);
    const bytesAfter = async (from: number, to: number) => {
      writeFrames(log, run, frames.slice(from * 3600, to * 3600));
      await log.settle();
      const [size] = querySql(log, 'SELECT (SELECT * FROM pragma_page_count) * 4096 AS bytes');
      return size!.bytes!;
    };
    // An empty log has a size of its own.
    const before = await bytesAfter(0, halfHours / 2);
    const after = await bytesAfter(halfHours / 2, halfHours);
    const perMinute = (after - before) / (30 * (halfHours / 2));
    expect(perMinute).toBeLessThan(3072);
  });

  test('never blocks the event loop for long', async () => {
    const log = openLog();
    writeRun(log, syntheticFrames('a', 4 * BLOCK_FRAMES));
    let turns = 0;
    let done = false;
    const counting = (async () => {
      while (!done) {
        await sleep(0);
        turns++;
      }
    })();
    await log.settle();
    done = true;
    await counting;
    expect(turns).toBeGreaterThan(50);
  });
});

describe('retention', () => {
  const days = 12;
  /** Twelve days with one minute of frames each, so that each day is one block. */
  async function twelveDays() {
    const log = openLog();
    for (let day = 0; day < days; day++) {
      const startMs = Date.now() - (days - day) * DAY_MS;
      const frames = syntheticFrames('a', 120, { startMs, seed: day });
      endRun(log, writeRun(log, frames), frames.at(-1)!);
    }
    await log.settle();
    return log;
  }

  test('drops older steps and events, and keeps rollups', async () => {
    const log = await twelveDays();
    const before = await bucketsOf(log, 'a', DAY_MS);
    log.setRetention('a', 5.5 * DAY_MS);
    log.setRetention('b', HOUR_MS);
    await log.settle();
    expect(await framesOf(log, 'a')).toHaveLength(5 * 120);
    expect(querySql(log, 'SELECT count(*) AS n FROM events')[0]!.n).toBe(5);
    expect(querySql(log, 'SELECT count(*) AS n FROM runs')[0]!.n).toBe(5);
    expect(await bucketsOf(log, 'a', DAY_MS)).toEqual(before);
    expect((await bucketsOf(log, 'a', 60_000)).reduce((sum, bucket) => sum + bucket.frames, 0)).toBe(
      days * 120,
    );

    log.setRetention('a', 5.5 * DAY_MS, 8.5 * DAY_MS);
    await log.settle();
    expect(
      (await bucketsOf(log, 'a', 60_000)).reduce((sum, bucket) => sum + bucket.frames, 0),
    ).toBeLessThanOrEqual(9 * 120);
    log.setRetention('a', null);
    await log.settle();
    expect(await framesOf(log, 'a')).toHaveLength(5 * 120);
  });

  test('keeps exactly the frames of kept ranges', async () => {
    const log = await twelveDays();
    const frames = await framesOf(log, 'a');
    const kept = { fromMs: Date.parse(frames[150]!.time), toMs: Date.parse(frames[190]!.time) };
    const other = { fromMs: Date.parse(frames[200]!.time), toMs: Date.parse(frames[400]!.time) };
    log.setKeptRanges((stream) => (stream === 'a' ? [kept, other] : []));
    log.setRetention('a', DAY_MS / 2);
    for (let round = 0; round < 2; round++) {
      await log.settle();
      expect(await framesOf(log, 'a')).toEqual(
        frames.filter(({ time }) =>
          [kept, other].some(({ fromMs, toMs }) => Date.parse(time) >= fromMs && Date.parse(time) < toMs),
        ),
      );
    }
    const blocks = querySql(log, 'SELECT group_concat(id) AS ids FROM blocks');
    await log.settle();
    expect(querySql(log, 'SELECT group_concat(id) AS ids FROM blocks')).toEqual(blocks);
  });

  test('returns free space to the file system', async () => {
    const log = openLog();
    const startMs = Date.now() - 30 * DAY_MS;
    const frames = syntheticFrames('a', 40 * BLOCK_FRAMES, { startMs });
    endRun(log, writeRun(log, frames), frames.at(-1)!);
    await log.settle();
    const before = querySql(log, 'PRAGMA page_count')[0]!.page_count!;
    log.setRetention('a', 29.5 * DAY_MS);
    await log.settle();
    expect(querySql(log, 'PRAGMA page_count')[0]!.page_count!).toBeLessThan(before / 2);
  });
});
