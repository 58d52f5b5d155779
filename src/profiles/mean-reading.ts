import type { EmotionFrame } from '../types.ts';

/** From a fresh state, the first predictions are uncertain: they do not count, unless there are no others. */
const SETTLED_SECONDS = 5;

export interface Reading {
  readonly valence: number;
  readonly arousal: number;
}

/** The mean reading of a piece, frame by frame; silence and speech do not count. */
export class MeanReading {
  #first = new Sum();
  #settled = new Sum();

  push({ t, valence, arousal }: EmotionFrame): void {
    if (valence === null || arousal === null) return;
    (t > SETTLED_SECONDS ? this.#settled : this.#first).add(valence, arousal);
  }

  /** Undefined without music. */
  get reading(): Reading | undefined {
    return this.#settled.mean ?? this.#first.mean;
  }
}

class Sum {
  #n = 0;
  #valence = 0;
  #arousal = 0;

  add(valence: number, arousal: number): void {
    this.#n++;
    this.#valence += valence;
    this.#arousal += arousal;
  }

  get mean(): Reading | undefined {
    return this.#n === 0 ? undefined : { valence: this.#valence / this.#n, arousal: this.#arousal / this.#n };
  }
}
