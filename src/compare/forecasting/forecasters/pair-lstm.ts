import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { PAIRS } from '../../../model/pair-forecaster.ts';
import { AdamW } from '../../../model/train/adamw.ts';
import { registerGradients } from '../../../model/train/gradients.ts';
import { Random } from '../../../model/train/random.ts';
import type { Forecaster, Forecasts, ForecastTask } from '../forecaster.ts';
import { createPairNetwork, type PairNetwork } from '../pair-network.ts';
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
