import type { EarlyInput, EarlyPart } from '../types.ts';
import type { EarlyRequest, Stepper } from './stepper.ts';

/**
 * One stream's step that is computed in part before it is due, while its thread has time to spare. So after the last
 * sample less is left to compute. If nothing was computed early, the step computes all, with the same result.
 */
export class EarlyStep implements EarlyRequest {
  readonly #stepper: Stepper;
  readonly #input: () => EarlyInput;
  #part: EarlyPart | undefined;
  #requested = false;

  /** @param input what there is of the step now */
  constructor(stepper: Stepper, input: () => EarlyInput) {
    this.#stepper = stepper;
    this.#input = input;
  }

  /** Requests what can be computed now. Call it after each chunk that ends no step. */
  request(): void {
    const { model, early } = this.#stepper;
    if (!early || !model.early || this.#requested || !model.early.isDue(this.input())) return;
    this.#requested = true;
    early(this);
  }

  input(): EarlyInput {
    return { ...this.#input(), early: this.#part };
  }

  done(part?: EarlyPart): void {
    this.#requested = false;
    if (part) this.#part = part;
  }

  /** What is computed of the step that is due. */
  take(): EarlyPart | undefined {
    const part = this.#part;
    this.#part = undefined;
    return part;
  }
}
