import type { Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../model/engine.ts';
import { freshLstm, lstmSequence } from '../../model/kinds/baselines/lstm.ts';
import { PAIRS } from '../../model/pair-forecaster.ts';
import { kernel } from '../../model/train/initial-weights.ts';
import type { Random } from '../../model/train/random.ts';

const HIDDEN = 32;
/** One for each axis, sharing no weights; both hear both. */
const MODULES = 2;

/** A′'s network: an LSTM for each axis over ten pairs, and a dense layer on what it ends with. */
export interface PairNetwork {
  readonly variables: Readonly<Record<string, Variable>>;
  /** [batch, 2 · PAIRS] → [batch, 2 · steps ahead] */
  say(pairs: Tensor2D): Tensor2D;
}

export function createPairNetwork(tf: Tf, ahead: number, random: Random): PairNetwork {
  const variables: Record<string, Variable> = {};
  const make = (name: string, shape: number[], values: Float32Array) => {
    variables[name] = tf.tidy(() => tf.variable(tf.tensor(values, shape)));
  };
  const perModule = (rows: number, columns: number) => {
    const values = new Float32Array(MODULES * rows * columns);
    for (let m = 0; m < MODULES; m++) values.set(kernel([rows, columns], random), m * rows * columns);
    return values;
  };
  make('input-kernel', [MODULES, 2, 4 * HIDDEN], perModule(2, 4 * HIDDEN));
  make('hidden-kernel', [MODULES, HIDDEN, 4 * HIDDEN], perModule(HIDDEN, 4 * HIDDEN));
  // Gates in the order input, forget, output, cell; the forget gate begins open.
  const open = new Float32Array(MODULES * 4 * HIDDEN);
  for (let m = 0; m < MODULES; m++) open.fill(1, (4 * m + 1) * HIDDEN, (4 * m + 2) * HIDDEN);
  make('bias', [MODULES, 1, 4 * HIDDEN], open);
  make('out/kernel', [MODULES, HIDDEN, ahead], perModule(HIDDEN, ahead));
  make('out/bias', [MODULES, 1, ahead], new Float32Array(MODULES * ahead));
  const get = <T extends Tensor>(name: string) => variables[name] as Tensor as T;

  return {
    variables,
    say(pairs) {
      const batch = pairs.shape[0];
      const steps = tf.reshape(tf.concat(tf.split(pairs, PAIRS, 1), 0), [1, PAIRS * batch, 2]);
      const heard = tf.concat<Tensor3D>([steps as Tensor3D, steps as Tensor3D], 0); // each module hears both axes
      const gates: Tensor3D = tf.add(tf.matMul(heard, get<Tensor3D>('input-kernel')), get('bias'));
      const before = freshLstm(tf, MODULES, batch, HIDDEN);
      const { h } = lstmSequence(tf, gates, get<Tensor3D>('hidden-kernel'), PAIRS, before);
      const last = tf.slice3d(h, [0, (PAIRS - 1) * batch, 0], [-1, batch, -1]);
      const said: Tensor3D = tf.add(tf.matMul(last, get<Tensor3D>('out/kernel')), get('out/bias'));
      return tf.reshape(tf.transpose(said, [1, 2, 0]), [batch, 2 * ahead]);
    },
  };
}
