import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../src/model/engine.ts';
import { initialLstmMemory, lstmSequence } from '../../../../src/model/kinds/baselines/lstm.ts';
import { AdamW } from '../../../train/adamw.ts';
import { registerGradients } from '../../../train/gradients.ts';
import { kernel } from '../../../train/initial-weights.ts';
import { Random } from '../../../train/random.ts';
import type { Forecast, Forecaster, ForecastTask } from '../forecaster.ts';
import { PAIRS, type PairWindows, windowsAt } from '../pair-windows.ts';

/** Batch size in windows; smaller for few windows, so that an epoch has at least `BATCHES` batches. */
const BATCH = 512;
const BATCHES = 20;
const EPOCHS = 12;
const BRIEF_EPOCHS = 3;
const LEARNING_RATE = 3e-3;
/** Disables gradient clipping. */
const UNBOUNDED = 1e9;
/** Batch size for prediction. */
const PREDICTION_BATCH = 8192;

/** A′: two LSTM modules of 32, one for each axis, that forecast the next pair from ten pairs. */
export const pairLstm: Forecaster = {
  name: 'lstm',
  title: 'A′ LSTM',
  about: `Two LSTM modules of 32, one for each axis, with a dense layer, Adam on the mean squared error, ${EPOCHS} epochs in batches of ${BATCH}, a cosine learning rate schedule from ${LEARNING_RATE}; one output for each horizon.`,
  version: '1',
  train,
};

async function train(task: ForecastTask): Promise<Forecast | undefined> {
  const { training, ahead, engine, seed, signal, brief, onProgress } = task;
  const { tf } = engine;
  registerGradients(tf);
  const random = new Random(seed);
  const network = createPairNetwork(tf, ahead.length, random);
  const optimizer = new AdamW(tf, network.variables, { decay: 0, l2: 0, maxNorm: UNBOUNDED });
  const epochs = brief ? BRIEF_EPOCHS : EPOCHS;
  const size = Math.max(1, Math.min(BATCH, Math.floor(training.count / BATCHES)));
  const batches = Math.floor(training.count / size);
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = random.permutation(training.count);
      for (let batch = 0; batch < batches; batch++) {
        if (signal.aborted) return undefined;
        const done = (epoch * batches + batch) / (epochs * batches);
        const rate = (LEARNING_RATE * (1 + Math.cos(Math.PI * done))) / 2;
        const rows = windowsAt(training, order.slice(batch * size, (batch + 1) * size));
        tf.tidy(() => optimizer.apply(gradientsOf(task, network, rows), rate));
        await new Promise((resolve) => setImmediate(resolve));
      }
      onProgress?.(epoch + 1, epochs);
    }
    return forecastWith(task, network);
  } finally {
    optimizer.dispose();
  }
}

/** Gradients of the mean squared error, by name of the variable. */
function gradientsOf(
  { engine: { tf } }: ForecastTask,
  { variables, predict }: PairNetwork,
  rows: PairWindows,
) {
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
    tf.div(tf.sum(tf.mul(tf.square(tf.sub(predict(pairs), later)), known)), tf.sum(known)) as Scalar;
  const { grads } = tf.variableGrads(loss, Object.values(variables));
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [name, grads[variable.name]!]),
  );
}

/** Forecasts with the trained network. Its weights (60 kB) stay on the engine until the process ends. */
function forecastWith({ engine: { tf }, ahead }: ForecastTask, network: PairNetwork): Forecast {
  return (windows) => {
    const predicted = new Float32Array(windows.count * 2 * ahead.length);
    for (let from = 0; from < windows.count; from += PREDICTION_BATCH) {
      const count = Math.min(PREDICTION_BATCH, windows.count - from);
      const pairs = windows.pairs.subarray(from * 2 * PAIRS, (from + count) * 2 * PAIRS);
      const part = tf.tidy(() => {
        const all: Tensor2D = network.predict(tf.tensor2d(pairs.slice(), [count, 2 * PAIRS]));
        return all.dataSync() as Float32Array;
      });
      predicted.set(part, from * 2 * ahead.length);
    }
    return predicted;
  };
}

const HIDDEN = 32;
/** One for each axis, without shared weights; both receive both axes. */
const MODULES = 2;

/** The network of A′: an LSTM for each axis over ten pairs, and a dense layer on its last output. */
interface PairNetwork {
  readonly variables: Readonly<Record<string, Variable>>;
  /** [batch, 2 · PAIRS] → [batch, 2 · steps ahead] */
  predict(pairs: Tensor2D): Tensor2D;
}

function createPairNetwork(tf: Tf, ahead: number, random: Random): PairNetwork {
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
  // Gates in the order input, forget, output, cell. The forget gates start open.
  const open = new Float32Array(MODULES * 4 * HIDDEN);
  for (let m = 0; m < MODULES; m++) open.fill(1, (4 * m + 1) * HIDDEN, (4 * m + 2) * HIDDEN);
  make('bias', [MODULES, 1, 4 * HIDDEN], open);
  make('out/kernel', [MODULES, HIDDEN, ahead], perModule(HIDDEN, ahead));
  make('out/bias', [MODULES, 1, ahead], new Float32Array(MODULES * ahead));
  const get = <T extends Tensor>(name: string) => variables[name] as Tensor as T;

  return {
    variables,
    predict(pairs) {
      const batch = pairs.shape[0];
      const steps = tf.reshape(tf.concat(tf.split(pairs, PAIRS, 1), 0), [1, PAIRS * batch, 2]);
      const inputs = tf.concat<Tensor3D>([steps as Tensor3D, steps as Tensor3D], 0); // each module receives both axes
      const gates: Tensor3D = tf.add(tf.matMul(inputs, get<Tensor3D>('input-kernel')), get('bias'));
      const before = initialLstmMemory(tf, MODULES, batch, HIDDEN);
      const { h } = lstmSequence(tf, gates, get<Tensor3D>('hidden-kernel'), PAIRS, before);
      const last = tf.slice3d(h, [0, (PAIRS - 1) * batch, 0], [-1, batch, -1]);
      const predicted: Tensor3D = tf.add(tf.matMul(last, get<Tensor3D>('out/kernel')), get('out/bias'));
      return tf.reshape(tf.transpose(predicted, [1, 2, 0]), [batch, 2 * ahead]);
    },
  };
}
