import { ACTIVITIES, type Activity } from '../../src/frame-fields.ts';
import { type EmotionBucket, type EmotionFrame, MOODS } from '../../src/types.ts';
import { commonestMood } from './commonest-mood.ts';
import { StepRing } from './step-ring.ts';
import type { Steps } from './steps.ts';

const MUSIC = ACTIVITIES.indexOf('music');
const COLUMNS = ['valence', 'valenceLow', 'valenceHigh', 'arousal', 'arousalLow', 'arousalHigh'] as const;
type Column = (typeof COLUMNS)[number];
/** `gapBefore`: absent where there is nothing more than the distance between rows to tell holes by. */
type Row = Readonly<Record<Column, number | null>> & {
  /** End of the row in seconds since 1970. */
  readonly x: number;
  readonly activity: Activity;
  readonly mood: string | null;
  readonly gapBefore?: number;
};

/** A part of a stream's history. Never changed: a tile that was incomplete is replaced. */
export class HistoryTile implements Steps {
  readonly length: number;
  readonly stepSeconds: number;
  readonly #x: Float64Array;
  readonly #reach: Float32Array;
  readonly #values: Readonly<Record<Column, Float32Array>>;
  readonly #activity: Uint8Array;
  readonly #mood: Int8Array;

  /** `rows`: oldest first. */
  constructor(rows: readonly Row[], stepSeconds: number) {
    this.length = rows.length;
    this.stepSeconds = stepSeconds;
    this.#x = Float64Array.from(rows, ({ x }) => x);
    this.#reach = Float32Array.from(rows, ({ gapBefore = 3 * stepSeconds }) => gapBefore);
    const column = (name: Column) => Float32Array.from(rows, (row) => row[name] ?? Number.NaN);
    this.#values = Object.fromEntries(COLUMNS.map((name) => [name, column(name)])) as Record<
      Column,
      Float32Array
    >;
    this.#activity = Uint8Array.from(rows, ({ activity }) => ACTIVITIES.indexOf(activity));
    this.#mood = Int8Array.from(rows, ({ mood }) => (MOODS as readonly (string | null)[]).indexOf(mood));
  }

  get gapSeconds(): number {
    return 3 * this.stepSeconds;
  }

  x = (i: number): number => this.#x[i]!;
  gapBefore = (i: number): number => this.#reach[i]!;
  valence = (i: number): number => this.#values.valence[i]!;
  arousal = (i: number): number => this.#values.arousal[i]!;
  valenceLow = (i: number): number => this.#values.valenceLow[i]!;
  valenceHigh = (i: number): number => this.#values.valenceHigh[i]!;
  arousalLow = (i: number): number => this.#values.arousalLow[i]!;
  arousalHigh = (i: number): number => this.#values.arousalHigh[i]!;
  activity = (i: number): Activity => ACTIVITIES[this.#activity[i]!]!;
  mood = (i: number): string | null => MOODS[this.#mood[i]!] ?? null;
  isMusic = (i: number): boolean => this.#activity[i] === MUSIC;
}

/** A tile of single steps, with their 90 % intervals. Their times follow the audio, as those of the newest steps. */
export function tileOfFrames(frames: readonly EmotionFrame[], stepSeconds: number): HistoryTile {
  const ring = new StepRing();
  ring.merge(frames);
  const rows = Array.from({ length: ring.length }, (_, i) => ({
    x: ring.x(i),
    gapBefore: ring.gapBefore(i),
    valence: ring.valence(i),
    valenceLow: ring.valenceLow(i),
    valenceHigh: ring.valenceHigh(i),
    arousal: ring.arousal(i),
    arousalLow: ring.arousalLow(i),
    arousalHigh: ring.arousalHigh(i),
    activity: ring.activity(i),
    mood: ring.mood(i),
  }));
  return new HistoryTile(rows, stepSeconds);
}

/** A tile of means, whose band reaches from the least to the greatest value. */
export function tileOfBuckets(buckets: readonly EmotionBucket[], stepSeconds: number): HistoryTile {
  const rows = buckets.map((bucket) => ({
    x: Date.parse(bucket.time) / 1000 + stepSeconds,
    valence: bucket.valence,
    valenceLow: bucket.valenceMin,
    valenceHigh: bucket.valenceMax,
    arousal: bucket.arousal,
    arousalLow: bucket.arousalMin,
    arousalHigh: bucket.arousalMax,
    activity: activityOf(bucket),
    mood: commonestMood(bucket),
  }));
  return new HistoryTile(rows, stepSeconds);
}

/** The activity of most frames. */
function activityOf({ music, speech, silence }: EmotionBucket): Activity {
  if (music >= speech && music >= silence) return 'music';
  return speech >= silence ? 'speech' : 'silence';
}
