import { MOODS } from '../../mood.ts';

/**
 * The statistics of a bucket of steps: counts, sums, sums of squares and extremes. Values are in whole millionths
 * (squares in millionths squared), so that adding is exact and independent of the order, and the buckets of one
 * level add up to those of the next.
 *
 * A bucket is one Float64Array in the order of this list, which is also the order of the columns of the tables
 * `rollups` and `open_rollups`.
 */
export const SUM_FIELDS = [
  'frames',
  'music',
  'speech',
  'silence',
  /** Frames with valence and arousal; the sums that follow are over these. */
  'felt',
  'valence',
  'valence_squares',
  'valence_min',
  'valence_max',
  'arousal',
  'arousal_squares',
  'arousal_min',
  'arousal_max',
  /** Frames with a loudness; the next sum is over these. */
  'heard',
  'loudness',
  'confidence',
  ...MOODS.map((mood) => `mood_${mood}` as const),
] as const;

type SumField = (typeof SUM_FIELDS)[number];
export type Sums = Float64Array;

/** Names of the columns, for SQL. */
export const SUM_COLUMNS = SUM_FIELDS.join(', ');

/**
 * Lengths in ms of the buckets that the log stores and updates with every commit. Buckets are aligned to 1970, UTC;
 * each length divides the next. Finer buckets (10 s, 1 s) are computed from the steps when requested: they
 * cost no disk space, and the steps of a screenful are in a few blocks.
 */
export const LEVELS_MS = [60_000, 600_000, 3_600_000, 86_400_000] as const;

export const FINEST_MS = LEVELS_MS[0];

/** The next finer level; `levelMs` must not be the finest. */
export const finerThan = (levelMs: number): number =>
  LEVELS_MS[LEVELS_MS.findLastIndex((one) => one < levelMs)]!;

/** The values of one step that rollups need; NaN for a missing value. */
export interface Step {
  /** Index in ACTIVITIES. */
  readonly activity: number;
  /** Index in MOODS; -1 for none or an unknown word. */
  readonly mood: number;
  readonly valence: number;
  readonly arousal: number;
  readonly loudness: number;
  readonly confidence: number;
}

const AT = Object.fromEntries(SUM_FIELDS.map((field, place) => [field, place])) as Record<SumField, number>;
const FIRST_MOOD = SUM_FIELDS.length - MOODS.length;
const EXTREMES = new Set([AT.valence_min, AT.valence_max, AT.arousal_min, AT.arousal_max]);
const UNIT = 1e6;

export function emptySums(): Sums {
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

/** Sum, squares, minimum and maximum are in consecutive places. */
function addAxis(sums: Sums, at: number, value: number, first: boolean): void {
  sums[at]! += value;
  sums[at + 1]! += value * value;
  if (first || value < sums[at + 2]!) sums[at + 2] = value;
  if (first || value > sums[at + 3]!) sums[at + 3] = value;
}

/** Adds `other` to `sums`. */
export function addSums(sums: Sums, other: Sums): void {
  for (const at of [AT.valence, AT.arousal]) {
    if (other[AT.felt] === 0) continue;
    const first = sums[AT.felt] === 0;
    sums[at + 2] = first ? other[at + 2]! : Math.min(sums[at + 2]!, other[at + 2]!);
    sums[at + 3] = first ? other[at + 3]! : Math.max(sums[at + 3]!, other[at + 3]!);
  }
  for (let place = 0; place < sums.length; place++) if (!EXTREMES.has(place)) sums[place]! += other[place]!;
}

/** Adds `sums` to bucket number `bucket`. */
export function addToBucket(buckets: Map<number, Sums>, bucket: number, sums: Sums): void {
  const found = buckets.get(bucket);
  if (found) addSums(found, sums);
  else buckets.set(bucket, Float64Array.from(sums));
}
