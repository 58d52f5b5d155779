import type { Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type { Weights } from '../../src/model/weights.ts';

export type Variables = Readonly<Record<string, Variable>>;

/** Copies variables into plain arrays that are independent of any engine. */
export function valuesOf(variables: Variables): Weights {
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [
      name,
      { shape: variable.shape, values: (variable.dataSync() as Float32Array).slice() },
    ]),
  );
}

/** Assigns weights to variables, without any rounding. */
export function assignValues(tf: Tf, variables: Variables, weights: Weights): void {
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(variables)) {
      const { shape, values } = weights[name]!;
      variable.assign(tf.tensor(values, [...shape]));
    }
  });
}

/** The running mean of weights over batches, which varies less than the weights after a single batch. */
export class MeanWeights {
  readonly #kept: number;
  #batches = 0;
  #means: Weights = {};

  /** @param kept share of the old mean that is kept after each batch */
  constructor(kept: number) {
    this.#kept = kept;
  }

  add(variables: Variables): void {
    this.#batches++;
    // The first batches have equal weight; otherwise the random initial weights would dominate for long.
    const kept = Math.min(this.#kept, 1 - 1 / this.#batches);
    const means: Record<string, Weights[string]> = { ...this.#means };
    for (const [name, variable] of Object.entries(variables)) {
      const now = variable.dataSync() as Float32Array;
      means[name] ??= { shape: variable.shape, values: now.slice() };
      const { values } = means[name];
      for (let i = 0; i < now.length; i++) values[i] = kept * values[i]! + (1 - kept) * now[i]!;
    }
    this.#means = means;
  }

  /** A copy. */
  get weights(): Weights {
    return copyOf(this.#means);
  }

  get batches(): number {
    return this.#batches;
  }

  /** Restores the state of another mean. */
  restore(batches: number, means: Weights): void {
    this.#batches = batches;
    this.#means = copyOf(means);
  }
}

function copyOf(weights: Weights): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]),
  );
}
