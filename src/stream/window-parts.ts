import type { StepWindow, WindowPart } from '../types.ts';
import { Harmony, type HarmonyState } from './chroma/harmony.ts';
import type { FftPlans } from './fft.ts';
import { FineMel, type FineMelState } from './fine-mel.ts';

/** The state of the parts that the stream's model needs. */
export interface WindowPartsState {
  readonly fine?: FineMelState;
  readonly harmony?: HarmonyState;
}

/** Computes the parts of a step's window that only some models need, from mono samples. */
export class WindowParts {
  readonly #fine: FineMel | undefined;
  readonly #harmony: Harmony | undefined;

  /**
   * @param needs the parts that are computed; a part without a saved state begins with the next sample
   * @param sameFormat false: the state is of audio in another format, of which the past frames and means remain
   */
  constructor(
    plans: FftPlans,
    sampleRateHz: number,
    needs: readonly WindowPart[],
    state: WindowPartsState = {},
    sameFormat = true,
  ) {
    if (needs.includes('fine')) this.#fine = new FineMel(plans, sampleRateHz, state.fine, sameFormat);
    if (needs.includes('harmony'))
      this.#harmony = new Harmony(plans, sampleRateHz, state.harmony, sameFormat);
  }

  get state(): WindowPartsState {
    return {
      ...(this.#fine && { fine: this.#fine.state }),
      ...(this.#harmony && { harmony: this.#harmony.state }),
    };
  }

  push(mono: Float32Array): void {
    this.#fine?.push(mono);
    this.#harmony?.push(mono);
  }

  /** What there is in the middle of a step; valid until the next `push`. */
  get unfinished(): Pick<StepWindow, 'fine'> {
    return this.#fine ? { fine: this.#fine.window } : {};
  }

  /** Ends the step. The next call refills the same arrays. */
  end(): Pick<StepWindow, 'fine' | 'harmony'> {
    return {
      ...(this.#fine && { fine: this.#fine.end() }),
      ...(this.#harmony && { harmony: this.#harmony.end() }),
    };
  }
}
