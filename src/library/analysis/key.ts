import { PITCH_CLASSES } from '../../stream/chroma/chroma-frames.ts';
import { type BestKeys, findKeys } from '../../stream/chroma/keys.ts';
import type { MusicalKey } from '../music/musical-key.ts';

export interface KeyEstimate {
  readonly key: MusicalKey;
  /** -1 … 1: correlation of the mean chroma with the profile of the key (Krumhansl & Kessler 1982). */
  readonly confidence: number;
}

/** Estimates the key of a recording from the mean of its chroma. */
export class KeyEstimator {
  readonly #sum = new Float64Array(PITCH_CLASSES);
  #frames = 0;

  push(chroma: Float64Array): void {
    for (let c = 0; c < PITCH_CLASSES; c++) this.#sum[c]! += chroma[c]!;
    this.#frames++;
  }

  /** Null without sound. */
  get estimate(): KeyEstimate | null {
    if (this.#frames === 0) return null;
    const best: BestKeys = { major: 0, minor: 0, majorFit: 0, minorFit: 0 };
    findKeys(this.#sum, 0, best);
    const isMajor = best.majorFit >= best.minorFit;
    const confidence = Math.round(Math.max(best.majorFit, best.minorFit) * 1000) / 1000;
    if (confidence <= 0) return null;
    const key: MusicalKey = isMajor
      ? { tonic: best.major, mode: 'major' }
      : { tonic: best.minor, mode: 'minor' };
    return { key, confidence };
  }
}
