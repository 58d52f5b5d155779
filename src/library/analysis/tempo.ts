import { HOP_SECONDS, MEL_BANDS } from '../../stream/mel.ts';
import type { MelFrame } from '../../types.ts';

/** Range of the answer in beats per minute; a tempo beyond it is reported at half or double. */
const MIN_BPM = 60;
const MAX_BPM = 200;
/** Tempos are compared in steps of this ratio. */
const RATIO = 1.0025;
/** The onsets are compared with themselves this many beats later: most music repeats after bars of two and four beats. */
const COARSE_BEATS = [1, 2, 4, 8];
/** For the refinement. */
const FINE_BEATS = Array.from({ length: 16 }, (_, i) => i + 1);
/** How much a repetition between the beats speaks against a tempo. */
const OFFBEAT_WEIGHT = 0.1;
/** Listeners tap most often near this tempo; width in octaves (Ellis, Beat Tracking by Dynamic Programming, 2007). */
const PREFERRED_BPM = 120;
const PREFERENCE_OCTAVES = 1;
/** The onsets minus their mean over this long, so that loud passages do not count more. */
const MEAN_SECONDS = 1;
/** Less music than this has no tempo. */
const MIN_SECONDS = 10;

export interface Tempo {
  readonly bpm: number;
  /** 0 … 1: the correlation of the onsets with themselves one to eight beats later, over that of each with itself. */
  readonly confidence: number;
}

/**
 * Estimates the tempo of a recording: the one at whose beats the onsets repeat best.
 *
 * The onset strength is the sum of the rises of all mel bands, every 16 ms. A tempo's score is the mean autocorrelation
 * after one, two, four and eight of its beats, less a part of that between its beats (where half the tempo has its other beats), weighted
 * by how often listeners tap at it; it is then refined over 16 beats.
 */
export class TempoEstimator {
  readonly #before = new Float32Array(MEL_BANDS);
  readonly #onsets: number[] = [];

  push(frame: MelFrame): void {
    let rise = 0;
    for (let b = 0; b < MEL_BANDS; b++) {
      rise += Math.max(0, frame[b]! - this.#before[b]!);
      this.#before[b] = frame[b]!;
    }
    this.#onsets.push(rise);
  }

  /** Null for a recording without onsets, or with less than 10 s. */
  get tempo(): Tempo | null {
    if (this.#onsets.length * HOP_SECONDS < MIN_SECONDS) return null;
    const onsets = smoothed(withoutMean(this.#onsets));
    const maxLag = Math.min(
      onsets.length - 1,
      Math.ceil((FINE_BEATS.length * 60) / MIN_BPM / HOP_SECONDS) + 2,
    );
    const correlations = autocorrelation(onsets, maxLag);
    if (correlations[0]! <= 0) return null;
    const preferred = (bpm: number) =>
      Math.exp(-0.5 * (Math.log2(bpm / PREFERRED_BPM) / PREFERENCE_OCTAVES) ** 2);
    const score = (bpm: number) =>
      repetition(correlations, bpm, COARSE_BEATS) -
      OFFBEAT_WEIGHT * repetition(correlations, bpm, COARSE_BEATS, 0.5);
    const coarse = best(MIN_BPM, MAX_BPM, (bpm) => preferred(bpm) * score(bpm));
    const bpm = best(
      coarse / 1.02,
      coarse * 1.02,
      (one) => repetition(correlations, one, FINE_BEATS),
      1.0005,
    );
    const confidence = repetition(correlations, bpm, COARSE_BEATS) / correlations[0]!;
    if (confidence <= 0) return null;
    return { bpm: Math.round(bpm * 10) / 10, confidence: Math.min(1, Math.round(confidence * 1000) / 1000) };
  }
}

/** Mean of the autocorrelation at these multiples of a beat, less `shift` beats; as far as it reaches. */
function repetition(correlations: Float64Array, bpm: number, beats: readonly number[], shift = 0): number {
  const beat = 60 / bpm / HOP_SECONDS;
  let sum = 0;
  let count = 0;
  for (const k of beats) {
    const at = (k - shift) * beat;
    const lag = Math.floor(at);
    if (lag + 1 >= correlations.length) break;
    const share = at - lag;
    sum += (1 - share) * correlations[lag]! + share * correlations[lag + 1]!;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

function best(from: number, to: number, score: (bpm: number) => number, ratio = RATIO): number {
  let found = from;
  let highest = Number.NEGATIVE_INFINITY;
  for (let bpm = from; bpm <= to; bpm *= ratio) {
    const one = score(bpm);
    if (one > highest) [found, highest] = [bpm, one];
  }
  return found;
}

/** [maxLag + 1], each divided by the number of its products. */
function autocorrelation(values: Float64Array, maxLag: number): Float64Array {
  return Float64Array.from({ length: maxLag + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < values.length; i++) sum += values[i]! * values[i - lag]!;
    return sum / (values.length - lag);
  });
}

/** The values minus their running mean; what is below it is 0. */
function withoutMean(values: readonly number[]): Float64Array {
  const half = Math.round(MEAN_SECONDS / 2 / HOP_SECONDS);
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  return Float64Array.from(values, (value, i) => {
    const from = Math.max(0, i - half);
    const to = Math.min(values.length, i + half + 1);
    return Math.max(0, value - (sums[to]! - sums[from]!) / (to - from));
  });
}

/** Onsets a frame or two apart count as one; minus the mean, so that onsets without a pulse do not correlate. */
function smoothed(values: Float64Array): Float64Array {
  const at = (i: number) => values[i] ?? 0;
  const out = values.map((value, i) => value / 2 + (at(i - 1) + at(i + 1)) / 4);
  const mean = out.reduce((sum, value) => sum + value, 0) / Math.max(1, out.length);
  return out.map((value) => value - mean);
}
