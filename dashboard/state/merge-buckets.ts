import type { EmotionBucket } from '../../src/client/index.ts';
import type { Mood } from '../../src/types.ts';

type Axis = 'valence' | 'arousal';

/** The means of two spans of time as those of both together; with the time of the first. */
export function mergeBuckets(one: EmotionBucket, other: EmotionBucket): EmotionBucket {
  const both = [one, other] as const;
  const frames = one.frames + other.frames;
  const share = (of: (bucket: EmotionBucket) => number) =>
    both.reduce((sum, bucket) => sum + of(bucket) * bucket.frames, 0) / frames;
  const moods = [...new Set(both.flatMap(({ moods }) => Object.keys(moods) as Mood[]))];
  return {
    time: one.time,
    frames,
    ...axisOf(both, 'valence'),
    ...axisOf(both, 'arousal'),
    loudness: mean(both.map(({ loudness, frames }) => [loudness, frames])),
    confidence: mean(both.map(({ confidence, frames }) => [confidence, frames])),
    music: share(({ music }) => music),
    speech: share(({ speech }) => speech),
    silence: share(({ silence }) => silence),
    moods: Object.fromEntries(moods.map((mood) => [mood, share((bucket) => bucket.moods[mood] ?? 0)])),
  };
}

/** Means of an axis are over the frames with music. */
function axisOf<A extends Axis>(both: readonly EmotionBucket[], axis: A) {
  const level = mean(both.map((bucket) => [bucket[axis], bucket.music * bucket.frames]));
  const variance = mean(
    both.map((bucket) => {
      const [value, spread] = [bucket[axis], bucket[`${axis}Sd`]];
      if (level === null || value === null || spread === null) return [null, 0];
      return [spread ** 2 + (value - level) ** 2, bucket.music * bucket.frames];
    }),
  );
  const ends = both.flatMap((bucket) => {
    const [low, high] = [bucket[`${axis}Min`], bucket[`${axis}Max`]];
    return low === null || high === null ? [] : [low, high];
  });
  const [low, high] = ends.length === 0 ? [null, null] : [Math.min(...ends), Math.max(...ends)];
  return {
    [axis]: level,
    [`${axis}Sd`]: variance === null ? null : Math.sqrt(variance),
    [`${axis}Min`]: low,
    [`${axis}Max`]: high,
  } as { readonly [F in A | `${A}Sd` | `${A}Min` | `${A}Max`]: number | null };
}

/** The mean of weighted values; null without any. */
function mean(values: readonly (readonly [value: number | null, weight: number])[]): number | null {
  let [sum, weights] = [0, 0];
  for (const [value, weight] of values) {
    if (value === null) continue;
    sum += value * weight;
    weights += weight;
  }
  return weights === 0 ? null : sum / weights;
}
