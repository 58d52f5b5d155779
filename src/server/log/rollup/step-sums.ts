import { MOODS } from '../../../mood.ts';
import type { StepColumns } from '../codec/block.ts';
import type { TimeRange } from '../time-range.ts';
import { addStep, noSums, type Sums } from './sums.ts';

/**
 * Adds steps to the buckets that they belong to, by number of the bucket; steps outside `range` are left out.
 *
 * @param bucketMs length of a bucket; where not given, all go into the bucket 0
 */
export function addSteps(
  buckets: Map<number, Sums>,
  columns: StepColumns,
  range: TimeRange,
  bucketMs?: number,
): void {
  const places = [-1, ...columns.moods.map((mood) => (MOODS as readonly string[]).indexOf(mood))];
  const { timeMs, activity, mood, valence, arousal, loudness, confidence } = columns;
  let last = Number.NaN;
  let sums: Sums | undefined;
  for (let i = 0; i < timeMs.length; i++) {
    const ms = timeMs[i]!;
    if (ms < range.fromMs || ms >= range.toMs) continue;
    const bucket = bucketMs === undefined ? 0 : Math.floor(ms / bucketMs);
    if (bucket !== last || !sums) {
      last = bucket;
      sums = buckets.get(bucket) ?? noSums();
      buckets.set(bucket, sums);
    }
    addStep(sums, {
      activity: activity[i]!,
      mood: places[mood[i]!]!,
      valence: valence[i]!,
      arousal: arousal[i]!,
      loudness: loudness[i]!,
      confidence: confidence[i]!,
    });
  }
}
