import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../model/engine.ts';
import { PAIRS } from '../../model/pair-forecaster.ts';
import { kernel } from '../../model/train/initial-weights.ts';
import type { Random } from '../../model/train/random.ts';

const HIDDEN = 32;
const MODULES = 2;

/** A′'s network: two LSTM modules over ten pairs, and a dense layer on what the second one ends with. */
export interface PairNetwork {
  readonly variables: Readonly<Record<string, Variable>>;
  /** [batch, 2 · PAIRS] → [batch, outputs] */
  say(pairs: Tensor2D): Tensor2D;
}

export function createPairNetwork(tf: Tf, outputs: number, random: Random): PairNetwork {
  const variables: Record<string, Variable> = {};
  const make = (name: string, shape: [number, number], values: Float32Array) => {
    variables[name] = tf.tidy(() => tf.variable(tf.tensor2d(values, shape)));
  };
  for (let m = 0; m < MODULES; m++) {
    const inputs = m === 0 ? 2 : HIDDEN;
    make(`${m}/input-kernel`, [inputs, 4 * HIDDEN], kernel([inputs, 4 * HIDDEN], random));
    make(`${m}/hidden-kernel`, [HIDDEN, 4 * HIDDEN], kernel([HIDDEN, 4 * HIDDEN], random));
    // Gates in the order input, forget, cell, output; the forget gate begins open.
    make(`${m}/bias`, [1, 4 * HIDDEN], new Float32Array(4 * HIDDEN).fill(1, HIDDEN, 2 * HIDDEN));
  }
  make('out/kernel', [HIDDEN, outputs], kernel([HIDDEN, outputs], random));
  make('out/bias', [1, outputs], new Float32Array(outputs));
  const get = (name: string) => variables[name] as unknown as Tensor2D;

  /** One module over all steps. @param steps [batch, inputs] each */
  function remember(steps: readonly Tensor2D[], m: number): Tensor2D[] {
    const batch = steps[0]!.shape[0];
    const all: Tensor2D = tf.add(
      tf.matMul(tf.concat2d([...steps], 0), get(`${m}/input-kernel`)),
      get(`${m}/bias`),
    );
    let h: Tensor2D = tf.zeros([batch, HIDDEN]);
    let c: Tensor2D = tf.zeros([batch, HIDDEN]);
    return tf.split<Tensor2D>(all, steps.length, 0).map((gates) => {
      const sum: Tensor2D = tf.add(gates, tf.matMul(h, get(`${m}/hidden-kernel`)));
      const [i, f, g, o] = tf.split<Tensor2D>(sum, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
      c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      h = tf.mul(tf.sigmoid(o), tf.tanh(c));
      return h;
    });
  }

  return {
    variables,
    say(pairs) {
      let steps = tf.split<Tensor2D>(pairs, PAIRS, 1);
      for (let m = 0; m < MODULES; m++) steps = remember(steps, m);
      return tf.add(tf.matMul(steps.at(-1)!, get('out/kernel')), get('out/bias'));
    },
  };
}
