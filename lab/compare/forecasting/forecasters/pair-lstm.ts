import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../src/model/engine.ts';
import { freshLstm, lstmSequence } from '../../../../src/model/kinds/baselines/lstm.ts';
import { AdamW } from '../../../train/adamw.ts';
import { registerGradients } from '../../../train/gradients.ts';
import { kernel } from '../../../train/initial-weights.ts';
import { Random } from '../../../train/random.ts';
import type { Forecaster, Forecasts, ForecastTask } from '../forecaster.ts';
import { PAIRS } from '../pair-forecaster.ts';
import { type PairWindows, windowsAt } from '../pair-windows.ts';

/** Windows at once; fewer where there are few, so that an epoch has as many batches as that. */
const BATCH = 512;
const BATCHES = 20;
const EPOCHS = 12;
const BRIEF_EPOCHS = 3;
const LEARNING_RATE = 3e-3;
/** Adam alone: no gradient is as long. */
const UNBOUNDED = 1e9;
/** Windows at once, where nothing is learned. */
const SAID_AT_ONCE = 8192;

/** A′: two LSTM modules of 32, one for each axis, told ten pairs, say the pair to come. */
export const pairLstm: Forecaster = {
  name: 'lstm',
  title: 'A′ LSTM',
  about: `Two LSTM modules of 32, one for each axis, with a dense layer, Adam on the mean squared error, ${EPOCHS} epochs in batches of ${BATCH}, the learning rate falling from ${LEARNING_RATE} as a cosine; an output for each horizon.`,
  version: '1',
  learn,
};

async function learn(task: ForecastTask): Promise<Forecasts | undefined> {
  const { learned, ahead, engine, seed, signal, brief, onProgress } = task;
  const { tf } = engine;
  registerGradients(tf);
  const random = new Random(seed);
  const network = createPairNetwork(tf, ahead.length, random);
  const optimiser = new AdamW(tf, network.variables, { decay: 0, l2: 0, maxNorm: UNBOUNDED });
  const epochs = brief ? BRIEF_EPOCHS : EPOCHS;
  const size = Math.max(1, Math.min(BATCH, Math.floor(learned.count / BATCHES)));
  const batches = Math.floor(learned.count / size);
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = random.permutation(learned.count);
      for (let batch = 0; batch < batches; batch++) {
        if (signal.aborted) return undefined;
        const done = (epoch * batches + batch) / (epochs * batches);
        const rate = (LEARNING_RATE * (1 + Math.cos(Math.PI * done))) / 2;
        const rows = windowsAt(learned, order.slice(batch * size, (batch + 1) * size));
        tf.tidy(() => optimiser.apply(gradientsOf(task, network, rows), rate));
        await new Promise((resolve) => setImmediate(resolve));
      }
      onProgress?.(epoch + 1, epochs);
    }
    return forecasts(task, network);
  } finally {
    optimiser.dispose();
  }
}

/** By the names of the network's variables. */
function gradientsOf({ engine: { tf } }: ForecastTask, { variables, say }: PairNetwork, rows: PairWindows) {
  const width = rows.later.length / rows.count;
  const pairs = tf.tensor2d(rows.pairs, [rows.count, 2 * PAIRS]);
  const known = tf.tensor2d(
    rows.later.map((x) => (Number.isNaN(x) ? 0 : 1)),
    [rows.count, width],
  );
  const later = tf.tensor2d(
    rows.later.map((x) => (Number.isNaN(x) ? 0 : x)),
    [rows.count, width],
  );
  const loss = () =>
    tf.div(tf.sum(tf.mul(tf.square(tf.sub(say(pairs), later)), known)), tf.sum(known)) as Scalar;
  const { grads } = tf.variableGrads(loss, Object.values(variables));
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [name, grads[variable.name]!]),
  );
}

/** What the network says from now on; its weights stay on the engine until the process ends: 60 kB. */
function forecasts({ engine: { tf }, ahead }: ForecastTask, network: PairNetwork): Forecasts {
  return (windows) => {
    const said = new Float32Array(windows.count * 2 * ahead.length);
    for (let from = 0; from < windows.count; from += SAID_AT_ONCE) {
      const count = Math.min(SAID_AT_ONCE, windows.count - from);
      const pairs = windows.pairs.subarray(from * 2 * PAIRS, (from + count) * 2 * PAIRS);
      const part = tf.tidy(() => {
        const all: Tensor2D = network.say(tf.tensor2d(pairs.slice(), [count, 2 * PAIRS]));
        return all.dataSync() as Float32Array;
      });
      said.set(part, from * 2 * ahead.length);
    }
    return said;
  };
}

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
