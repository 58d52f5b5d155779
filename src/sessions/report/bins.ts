import type { Activity } from '../../types.ts';
import type { Sample } from './samples.ts';

/** One column of the report's charts: a small part of the session. */
export interface Bin {
  /** Middle of the bin as a share of the session: 0 … 1. */
  readonly at: number;
  /** Activity of the bin; undefined if nothing was received. */
  readonly activity: Activity | undefined;
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly valenceSd: number | null;
  readonly arousalSd: number | null;
}

/** Places of the sums of one bin. */
const MUSIC = 0;
const SPEECH = 1;
const SILENCE = 2;
/** Seconds of music with known standard deviations. */
const SD_KNOWN = 3;
const VALENCE = 4;
const AROUSAL = 5;
const VALENCE_SD = 6;
const AROUSAL_SD = 7;
const SUMS = 8;

/** Means over `count` equal parts of a session. */
export class Bins {
  /** [count, SUMS]: seconds, and values weighted by seconds of music. */
  readonly #sums: Float64Array;
  readonly #fromMs: number;
  readonly #lengthMs: number;
  readonly count: number;

  constructor(fromMs: number, toMs: number, count: number) {
    this.#sums = new Float64Array(count * SUMS);
    this.#fromMs = fromMs;
    this.#lengthMs = Math.max(1, toMs - fromMs);
    this.count = count;
  }

  /** A sample counts in the bin that its middle falls into. */
  add({ timeMs, seconds, music, speech, silence, valence, arousal, valenceSd, arousalSd }: Sample): void {
    const share = (timeMs - seconds * 500 - this.#fromMs) / this.#lengthMs;
    const at = SUMS * Math.max(0, Math.min(this.count - 1, Math.floor(share * this.count)));
    const sums = this.#sums;
    sums[at + MUSIC]! += seconds * music;
    sums[at + SPEECH]! += seconds * speech;
    sums[at + SILENCE]! += seconds * silence;
    if (valence === null || arousal === null) return;
    sums[at + VALENCE]! += seconds * music * valence;
    sums[at + AROUSAL]! += seconds * music * arousal;
    if (valenceSd === null || arousalSd === null) return;
    sums[at + SD_KNOWN]! += seconds * music;
    sums[at + VALENCE_SD]! += seconds * music * valenceSd;
    sums[at + AROUSAL_SD]! += seconds * music * arousalSd;
  }

  all(): Bin[] {
    return Array.from({ length: this.count }, (_, i) => {
      const sums = this.#sums.subarray(SUMS * i, SUMS * (i + 1));
      const mean = (sum: number, seconds: number) =>
        sums[seconds]! > 0 ? sums[sum]! / sums[seconds]! : null;
      return {
        at: (i + 0.5) / this.count,
        activity: activityOf(sums[MUSIC]!, sums[SPEECH]!, sums[SILENCE]!),
        valence: mean(VALENCE, MUSIC),
        arousal: mean(AROUSAL, MUSIC),
        valenceSd: mean(VALENCE_SD, SD_KNOWN),
        arousalSd: mean(AROUSAL_SD, SD_KNOWN),
      };
    });
  }
}

/** Any music makes a bin one of music; otherwise the longer of the two. */
function activityOf(music: number, speech: number, silence: number): Bin['activity'] {
  if (music + speech + silence === 0) return undefined;
  if (music > 0) return 'music';
  return speech >= silence ? 'speech' : 'silence';
}
