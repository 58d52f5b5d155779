import type { Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../engine.ts';
import type { Weights } from '../weights.ts';

export type Variables = Readonly<Record<string, Variable>>;

/** Variables as plain arrays: copies, outside of any engine. */
export function valuesOf(variables: Variables): Weights {
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [
      name,
      { shape: variable.shape, values: (variable.dataSync() as Float32Array).slice() },
    ]),
  );
}

/** The reverse, number for number. */
export function assignValues(tf: Tf, variables: Variables, weights: Weights): void {
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(variables)) {
      const { shape, values } = weights[name]!;
      variable.assign(tf.tensor(values, [...shape]));
    }
  });
}
