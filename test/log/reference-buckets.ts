import { expect } from 'vitest';
import type { EmotionBucket, EmotionFrame } from '../../src/types.ts';

/** Buckets computed from frames by their definitions. */
export function referenceBuckets(
  frames: readonly EmotionFrame[],
  bucketMs: number,
  fromMs = 0,
  toMs = 8e15,
): EmotionBucket[] {
  const groups = new Map<number, EmotionFrame[]>();
  for (const frame of frames) {
    const ms = Date.parse(frame.time);
    if (ms < fromMs || ms >= toMs) continue;
    const bucket = Math.floor(ms / bucketMs);
    const group = groups.get(bucket);
    if (group) group.push(frame);
    else groups.set(bucket, [frame]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => a - b)
    .map(([bucket, group]) => {
      const valence = statistics(group.flatMap((frame) => frame.valence ?? []));
      const arousal = statistics(group.flatMap((frame) => frame.arousal ?? []));
      const share = (count: number) => count / group.length;
      const moods = [...new Set(group.flatMap((frame) => frame.mood ?? []))];
      return {
        time: new Date(bucket * bucketMs).toISOString(),
        frames: group.length,
        valence: valence.mean,
        valenceSd: valence.sd,
        valenceMin: valence.min,
        valenceMax: valence.max,
        arousal: arousal.mean,
        arousalSd: arousal.sd,
        arousalMin: arousal.min,
        arousalMax: arousal.max,
        loudness: statistics(group.flatMap((frame) => frame.loudness ?? [])).mean,
        confidence: statistics(group.map((frame) => frame.confidence)).mean,
        music: share(group.filter((frame) => frame.activity === 'music').length),
        speech: share(group.filter((frame) => frame.activity === 'speech').length),
        silence: share(group.filter((frame) => frame.activity === 'silence').length),
        moods: Object.fromEntries(
          moods.map((mood) => [mood, share(group.filter((frame) => frame.mood === mood).length)]),
        ),
      };
    });
}

function statistics(values: readonly number[]) {
  if (values.length === 0) return { mean: null, sd: null, min: null, max: null };
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { mean, sd, min: Math.min(...values), max: Math.max(...values) };
}

/** Means have six decimals and may differ in the last, because sums depend on the order; all else must be equal. */
export function expectAlike(actual: readonly EmotionBucket[], expected: readonly EmotionBucket[]): void {
  const coarse = (buckets: readonly EmotionBucket[]) =>
    JSON.stringify(buckets, (_key, value) => (typeof value === 'number' ? 0 : value));
  expect(coarse(actual.map(inOrder))).toBe(coarse(expected.map(inOrder)));
  const numbers = (buckets: readonly EmotionBucket[]) =>
    buckets.flatMap((bucket) =>
      Object.values({ ...inOrder(bucket), ...inOrder(bucket).moods }).filter(
        (value) => typeof value === 'number',
      ),
    );
  const wanted = numbers(expected);
  // One expectation, as thousands of them take longer than all else.
  const differences = numbers(actual).map((value, i) => Math.abs(value - wanted[i]!));
  expect(differences.filter((difference) => !(difference < 1.5e-6))).toEqual([]);
}

/** The bucket with its moods in alphabetical order. */
const inOrder = (bucket: EmotionBucket): EmotionBucket => ({
  ...bucket,
  moods: Object.fromEntries(Object.entries(bucket.moods).sort()),
});
