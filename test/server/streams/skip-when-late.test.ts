import { expect, test } from 'vitest';
import { skipWhenLate } from '../../../src/server/streams/skip-when-late.ts';
import type { AudioChunk, Source, SourceItem } from '../../../src/types.ts';

/** Half a second of audio, numbered by its only sample value. */
const chunk = (value: number): AudioChunk => ({
  type: 'audio',
  sampleRateHz: 8_000,
  channels: 1,
  samples: new Float32Array(4_000).fill(value),
  arrivedAtMs: 0,
});

/** Pulls `count` chunks by a clock of the test; `pullMs` and `analysisMs` are how long a pull and a chunk take. */
async function run({
  count,
  pullMs = () => 0,
  analysisMs,
  held = false,
  uri = 'ws:',
  items = Array.from({ length: count }, (_, i) => chunk(i)),
}: {
  count: number;
  pullMs?: (i: number) => number;
  analysisMs: (i: number) => number;
  /** Whether all audio arrived at time 0; otherwise what is waited for arrives when it is delivered. */
  held?: boolean;
  uri?: string;
  items?: SourceItem[];
}) {
  let ms = 0;
  const source: Source = {
    uri,
    async *open() {
      for (const [i, item] of items.entries()) {
        ms += pullMs(i);
        yield pullMs(i) > 0 && !held && item.type === 'audio' ? { ...item, arrivedAtMs: ms } : item;
      }
    },
  };
  const out: SourceItem[] = [];
  for await (const item of skipWhenLate(source, { now: () => ms }).open(new AbortController().signal)) {
    out.push(item);
    if (item.type === 'audio') ms += analysisMs(item.samples[0]!);
  }
  return out;
}

const audio = (items: SourceItem[]) => items.filter((item) => item.type === 'audio');
const values = (items: SourceItem[]) => audio(items).map(({ samples }) => samples[0]!);

test('skips the oldest audio once the analysis is more than 4 s late, and reports it on the chunk that follows', async () => {
  const out = await run({ count: 20, analysisMs: (i) => (i === 2 ? 5_100 : 1) });
  // 5.1 s for 0.5 s of audio: 4.6 s late, so ten chunks are skipped.
  expect(values(out)).toEqual([0, 1, 2, 13, 14, 15, 16, 17, 18, 19]);
  expect(audio(out)[3]).toMatchObject({ lostSamples: 10 * 4_000, skipped: true });
  expect(audio(out).filter(({ lostSamples }) => lostSamples)).toHaveLength(1);
});

test('audio that is skipped up to the end of the source counts as lost, also when the source fails', async () => {
  const out = await run({ count: 8, analysisMs: (i) => (i === 2 ? 9_000 : 1) });
  expect(values(out)).toEqual([0, 1, 2, undefined]);
  expect(audio(out)[3]).toMatchObject({ lostSamples: 5 * 4_000, skipped: true });

  let ms = 0;
  const failing: Source = {
    uri: 'ws:',
    async *open() {
      for (let i = 0; i < 3; i++) yield chunk(i);
      throw new Error('cut off');
    },
  };
  const lost: number[] = [];
  const pull = async () => {
    for await (const item of skipWhenLate(failing, { now: () => ms }).open(new AbortController().signal)) {
      lost.push((item as AudioChunk).lostSamples ?? 0);
      ms += 9_000;
    }
  };
  await expect(pull()).rejects.toThrow('cut off');
  expect(lost).toEqual([0, 2 * 4_000]);
});

test('skips nothing of a delay that is caught up', async () => {
  const out = await run({ count: 20, analysisMs: (i) => (i === 2 ? 4_000 : 1) });
  expect(values(out)).toHaveLength(20);
});

test('a machine that is always too slow skips again and again', async () => {
  const out = await run({ count: 100, analysisMs: () => 1_000 });
  const skipped = audio(out).reduce((sum, { lostSamples = 0 }) => sum + lostSamples, 0) / 4_000;
  expect(skipped).toBeGreaterThan(30);
  expect(skipped + audio(out).filter(({ samples }) => samples.length > 0).length).toBe(100);
});

test('a pause in delivery is no lag, and a source that had to be waited for holds nothing to skip', async () => {
  const paused = await run({ count: 20, pullMs: (i) => (i === 5 ? 60_000 : 0), analysisMs: () => 400 });
  expect(values(paused)).toHaveLength(20);
  const empty = await run({
    count: 20,
    pullMs: (i) => (i === 3 ? 100 : 0),
    analysisMs: (i) => (i === 2 ? 9_000 : 1),
  });
  expect(values(empty)).toHaveLength(20);
});

test('audio that arrived long ago and is delivered slowly, because the machine is busy, counts as late', async () => {
  const run30 = { count: 100, held: true, pullMs: () => 30, analysisMs: () => 600 };
  const skipped = audio(await run(run30)).reduce((sum, { lostSamples = 0 }) => sum + lostSamples, 0);
  expect(skipped).toBeGreaterThan(0);
  const slowPulls = await run({ ...run30, pullMs: () => 600, analysisMs: () => 1 });
  expect(audio(slowPulls).some(({ skipped }) => skipped)).toBe(true);
});

test('passes notices on while it skips, and lets files play more slowly', async () => {
  const lost: SourceItem = { type: 'source-lost', message: 'gone' };
  const items = [chunk(0), chunk(1), lost, ...Array.from({ length: 12 }, (_, i) => chunk(i + 2))];
  const out = await run({ count: 0, items, analysisMs: (i) => (i === 0 ? 6_000 : 1) });
  expect(out[1]).toBe(lost);
  expect(values(await run({ count: 20, uri: 'file:a.ogg', analysisMs: () => 9_000 }))).toHaveLength(20);
});
