import { MOODS } from '../../mood.ts';
import { ACTIVITIES, type EmotionFrame } from '../../types.ts';
import type { StepColumns } from '../codec/block.ts';
import type { FrameReader } from '../frame-reader.ts';
import { ALL_SEQS, contains, type TimeRange } from '../time-range.ts';
import { addStep, emptySums, type Step, type Sums } from './sums.ts';

/** From frames, rows and columns of steps to the sums of buckets. */

export const stepOf = (frame: EmotionFrame): Step => toStep(ACTIVITIES.indexOf(frame.activity), frame);

type StepValues = Pick<EmotionFrame, 'mood' | 'valence' | 'arousal' | 'loudness' | 'confidence'>;

/** @param activity index in ACTIVITIES, as the table `frames` stores it */
export function toStep(activity: number, values: StepValues): Step {
  return {
    activity,
    mood: (MOODS as readonly (string | null)[]).indexOf(values.mood),
    valence: values.valence ?? Number.NaN,
    arousal: values.arousal ?? Number.NaN,
    loudness: values.loudness ?? Number.NaN,
    confidence: values.confidence,
  };
}

/**
 * Adds steps to the buckets that they belong to, by bucket number: its start divided by its length. Steps outside
 * `range` are left out.
 *
 * @param run the run that the steps are of
 * @param bucketMs length of a bucket; by default all steps go into bucket 0
 */
export function addSteps(
  buckets: Map<number, Sums>,
  columns: StepColumns,
  range: TimeRange,
  run: number,
  bucketMs?: number,
): void {
  const moods = [-1, ...columns.moods.map((mood) => (MOODS as readonly string[]).indexOf(mood))];
  const { from, end } = range.seqs?.(run) ?? ALL_SEQS;
  const { seq, timeMs, activity, mood, valence, arousal, loudness, confidence } = columns;
  let last = Number.NaN;
  let sums: Sums | undefined;
  for (let i = 0; i < timeMs.length; i++) {
    const ms = timeMs[i]!;
    if (!contains(range, ms) || seq[i]! < from || seq[i]! >= end) continue;
    const bucket = bucketMs === undefined ? 0 : Math.floor(ms / bucketMs);
    if (bucket !== last || !sums) {
      last = bucket;
      sums = buckets.get(bucket) ?? emptySums();
      buckets.set(bucket, sums);
    }
    addStep(sums, {
      activity: activity[i]!,
      mood: moods[mood[i]!]!,
      valence: valence[i]!,
      arousal: arousal[i]!,
      loudness: loudness[i]!,
      confidence: confidence[i]!,
    });
  }
}

/** Adds all steps of a stream in `range`, in one go; for offline checks and short ranges. */
export function sumsOfSteps(
  frames: FrameReader,
  stream: string,
  range: TimeRange,
  bucketMs?: number,
): Map<number, Sums> {
  const buckets = new Map<number, Sums>();
  for (const run of frames.runsWith(stream, range)) {
    for (let seq = -1; ; ) {
      const page = frames.stepsAfter(run, seq, range);
      if (!page) break;
      addSteps(buckets, page.content, range, run, bucketMs);
      seq = page.lastSeq;
    }
  }
  return buckets;
}
