import { MOODS } from '../../mood.ts';
import { ACTIVITIES, type EmotionFrame } from '../../types.ts';
import type { StepColumns } from '../codec/block.ts';
import type { TimeRange } from '../time-range.ts';

/**
 * What is known of the steps of a bucket: counts, sums, sums of squares and extremes, in whole millionths
 * (squares in their squares), so that adding up is exact and buckets make up larger ones whatever the order.
 *
 * One array, in this order; it is also the order of the columns of the log's rollup tables.
 */
export const SUM_FIELDS = [
  'frames',
  'music',
  'speech',
  'silence',
  /** Frames with valence and arousal, and the sums over them. */
  'felt',
  'valence',
  'valence_squares',
  'valence_min',
  'valence_max',
  'arousal',
  'arousal_squares',
  'arousal_min',
  'arousal_max',
  /** Frames with a loudness, and the sum over them. */
  'heard',
  'loudness',
  'confidence',
  ...MOODS.map((mood) => `mood_${mood}` as const),
] as const;

export type SumField = (typeof SUM_FIELDS)[number];
export type Sums = Float64Array;

const AT = Object.fromEntries(SUM_FIELDS.map((field, place) => [field, place])) as Record<SumField, number>;
const FIRST_MOOD = SUM_FIELDS.length - MOODS.length;
const UNIT = 1e6;

/** One step as rollups see it; NaN for what it does not have. */
export interface Step {
  /** Place in ACTIVITIES. */
  readonly activity: number;
  /** Place in MOODS; -1 for none, or a word that is none of them. */
  readonly mood: number;
  readonly valence: number;
  readonly arousal: number;
  readonly loudness: number;
  readonly confidence: number;
}

export function noSums(): Sums {
  return new Float64Array(SUM_FIELDS.length);
}

export const sumOf = (sums: Sums, field: SumField): number => sums[AT[field]]!;

export function addStep(sums: Sums, step: Step): void {
  sums[AT.frames]!++;
  sums[AT.music + step.activity]!++;
  if (!Number.isNaN(step.valence) && !Number.isNaN(step.arousal)) {
    const first = sums[AT.felt]!++ === 0;
    addAxis(sums, AT.valence, Math.round(step.valence * UNIT), first);
    addAxis(sums, AT.arousal, Math.round(step.arousal * UNIT), first);
  }
  if (!Number.isNaN(step.loudness)) {
    sums[AT.heard]!++;
    sums[AT.loudness]! += Math.round(step.loudness * UNIT);
  }
  sums[AT.confidence]! += Math.round(step.confidence * UNIT);
  if (step.mood >= 0) sums[FIRST_MOOD + step.mood]!++;
}

/** Sum, squares, least and greatest lie side by side. */
function addAxis(sums: Sums, at: number, value: number, first: boolean): void {
  sums[at]! += value;
  sums[at + 1]! += value * value;
  if (first || value < sums[at + 2]!) sums[at + 2] = value;
  if (first || value > sums[at + 3]!) sums[at + 3] = value;
}

/** Adds what `other` has to `sums`. */
export function addSums(sums: Sums, other: Sums): void {
  for (const at of [AT.valence, AT.arousal]) {
    if (other[AT.felt] === 0) continue;
    const first = sums[AT.felt] === 0;
    sums[at + 2] = first ? other[at + 2]! : Math.min(sums[at + 2]!, other[at + 2]!);
    sums[at + 3] = first ? other[at + 3]! : Math.max(sums[at + 3]!, other[at + 3]!);
  }
  for (let place = 0; place < sums.length; place++) if (!EXTREMES.has(place)) sums[place]! += other[place]!;
}

const EXTREMES = new Set([AT.valence_min, AT.valence_max, AT.arousal_min, AT.arousal_max]);

/**
 * Lengths of the buckets that the log keeps up to date as frames arrive, aligned to 1970, UTC. Each divides
 * the next. Finer ones (10 s, 1 s) are made of the steps when they are asked for: so they cost nothing on
 * disk, and the steps of a screenful lie in a few blocks.
 */
export const LEVELS_MS = [60_000, 600_000, 3_600_000, 86_400_000] as const;

export const FINEST_MS = LEVELS_MS[0];

/** The level below one that is not the finest. */
export const finerThan = (levelMs: number): number =>
  LEVELS_MS[LEVELS_MS.findLastIndex((one) => one < levelMs)]!;

/** A frame as rollups see it. */
export function stepOf(frame: EmotionFrame): Step {
  return {
    activity: ACTIVITIES.indexOf(frame.activity),
    mood: (MOODS as readonly (string | null)[]).indexOf(frame.mood),
    valence: frame.valence ?? Number.NaN,
    arousal: frame.arousal ?? Number.NaN,
    loudness: frame.loudness ?? Number.NaN,
    confidence: frame.confidence,
  };
}

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
