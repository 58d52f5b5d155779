import type { GradSaveFunc, Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { type SpeechNetworkConfig, speechShapes } from '../../src/model/activity/speech-network.ts';
import type { Tf } from '../../src/model/engine.ts';
import { createNetwork, type Memory, type NetworkTensors } from '../../src/model/kinds/undertone/network.ts';
import { sizeOf, type Weights } from '../../src/model/weights.ts';
import { AdamW } from '../train/adamw.ts';
import { registerGradients } from '../train/gradients.ts';
import { kernel } from '../train/initial-weights.ts';
import { Random } from '../train/random.ts';
import { SMALLEST_SCALE } from '../train/statistics.ts';
import { MeanWeights } from '../train/variables.ts';
import type { AnalyzedScene } from './analyzed-scene.ts';

export interface SpeechTraining {
  readonly network: SpeechNetworkConfig;
  readonly epochs: number;
  readonly seed: number;
  /** Scenes per batch. */
  readonly streams: number;
  /** Initial learning rate; it falls to 0 along half a cosine. */
  readonly learningRate: number;
  readonly decay: number;
  readonly maxNorm: number;
  /** Standard deviation of noise on the standardized inputs. */
  readonly noise: number;
  /** Share of the features that is dropped, the same ones at all steps of a scene. */
  readonly dropout: number;
  /** Weight averaging: share of the old mean in the running mean of the weights after each batch. */
  readonly averaging: number;
}

/** Trains a network to distinguish speech from music; yields the weights and the mean loss after each epoch. */
export async function* fitSpeech(
  tf: Tf,
  scenes: readonly AnalyzedScene[],
  training: SpeechTraining,
): AsyncGenerator<{ epoch: number; loss: number; weights: Weights }, void, undefined> {
  registerGradients(tf);
  const { network: config, epochs, streams } = training;
  const random = new Random(training.seed);
  const steps = scenes.reduce((most, scene) => Math.max(most, scene.steps), 0);
  const measured = measureInputs(scenes, config.inputs);
  const variables = initialVariables(tf, config, random);
  const optimizer = new AdamW(tf, variables, { ...training, l2: 0 });
  const means = new MeanWeights(training.averaging);
  const perEpoch = Math.floor(scenes.length / streams);

  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const order = random.permutation(scenes.length);
      let loss = 0;
      for (let batch = 0; batch < perEpoch; batch++) {
        const chosen = order.slice(batch * streams, (batch + 1) * streams).map((i) => scenes[i]!);
        const done = ((epoch - 1) * perEpoch + batch) / (epochs * perEpoch);
        loss += trainBatch(chosen, (training.learningRate * (1 + Math.cos(Math.PI * done))) / 2);
        means.add(variables);
        await new Promise((resolve) => setImmediate(resolve));
      }
      yield { epoch, loss: loss / perEpoch, weights: { ...measured, ...means.weights } };
    }
  } finally {
    tf.dispose(variables);
    optimizer.dispose();
  }

  function trainBatch(chosen: readonly AnalyzedScene[], rate: number): number {
    return tf.tidy(() => {
      const { rows, labels, weights } = timeMajor(
        chosen,
        steps,
        config.inputs,
        training.noise,
        measured,
        random,
      );
      const x = tf.tensor2d(rows, [steps * streams, config.inputs]);
      const y = tf.tensor2d(labels, [steps * streams, 1]);
      const weight = tf.tensor2d(weights, [steps * streams, 1]);
      const mask = dropoutMask();
      const { value, grads } = tf.variableGrads(() => {
        const constants = Object.fromEntries(
          Object.entries(measured).map(([name, { values }]) => [name, tf.tensor1d(values)]),
        );
        const logOdds = unrollSpeech(tf, { ...constants, ...variables }, config, x, streams, mask);
        return tf.div(tf.sum(tf.mul(crossEntropy(tf, logOdds, y), weight)), tf.sum(weight)) as Scalar;
      }, Object.values(variables));
      const byName = Object.fromEntries(
        Object.entries(variables).map(([name, { name: id }]) => [name, grads[id]!]),
      );
      optimizer.apply(byName, rate);
      return value.dataSync()[0]!;
    });
  }

  function dropoutMask(): Tensor2D {
    const { projection } = config;
    const mask = new Float32Array(steps * streams * projection);
    for (let i = 0; i < streams * projection; i++) {
      mask[i] = random.chance(training.dropout) ? 0 : 1 / (1 - training.dropout);
    }
    for (let step = 1; step < steps; step++)
      mask.copyWithin(step * streams * projection, 0, streams * projection);
    return tf.tensor2d(mask, [steps * streams, projection]);
  }
}

/**
 * Log-odds of speech at each step of scenes from a fresh state.
 *
 * @param x [steps · streams, inputs] summaries, time-major
 * @param mask [steps · streams, projection] dropout mask of the features; absent: no dropout
 * @returns [steps · streams, 1]
 */
export function unrollSpeech(
  tf: Tf,
  weights: NetworkTensors,
  config: SpeechNetworkConfig,
  x: Tensor2D,
  streams: number,
  mask?: Tensor2D,
): Tensor2D {
  const { hidden } = config;
  const network = createNetwork(tf, weights, {
    frontEnd: 'mel',
    ...config,
    members: 1,
    landmarks: 0,
    leastShare: 1,
  });
  const dense = network.project(network.standardize(x));
  const features: Tensor2D = mask ? tf.mul(dense, mask) : dense;
  let memory: Memory = { h: tf.zeros([streams, hidden]), c: tf.zeros([streams, hidden]) };
  const outputs: Tensor2D[] = [];
  for (const gate of tf.split<Tensor2D>(network.gateInputs(features), x.shape[0] / streams, 0)) {
    memory = network.lstmStep(gate, memory);
    outputs.push(memory.h);
  }
  const joined = tf.concat2d([tf.concat2d(outputs, 0), features], 1);
  return tf.add(tf.matMul(joined, weights['speech/kernel'] as Tensor2D), weights['speech/bias']!);
}

/** −log of the probability of the label, with its own gradient: some of its operations have none on every engine. */
function crossEntropy(tf: Tf, logOdds: Tensor2D, y: Tensor2D): Tensor2D {
  return tf.customGrad((x, save) => {
    const z = x as Tensor2D;
    (save as GradSaveFunc)([z]);
    const value = tf.add(tf.sub(tf.relu(z), tf.mul(z, y)), tf.log(tf.add(1, tf.exp(tf.neg(tf.abs(z))))));
    const gradFunc = (dy: Tensor, [saved]: Tensor[]) => tf.mul(dy, tf.sub(tf.sigmoid(saved!), y));
    return { value, gradFunc };
  })(logOdds) as Tensor2D;
}

function initialVariables(tf: Tf, config: SpeechNetworkConfig, random: Random) {
  const entries = Object.entries(speechShapes(config)).filter(([name]) => !name.startsWith('input/'));
  return Object.fromEntries(
    entries.map(([name, shape]) => {
      const values = name.endsWith('kernel') ? kernel(shape, random) : new Float32Array(sizeOf(shape));
      // An open forget gate: the LSTM keeps its memory by default.
      if (name === 'lstm/bias') values.fill(1, config.hidden, 2 * config.hidden);
      return [name, tf.tidy(() => tf.variable(tf.tensor(values, [...shape])))];
    }),
  );
}

function measureInputs(scenes: readonly AnalyzedScene[], inputs: number): Weights {
  const sums = new Float64Array(inputs);
  const squares = new Float64Array(inputs);
  let steps = 0;
  for (const scene of scenes) {
    steps += scene.steps;
    for (const [i, y] of scene.rows.entries()) {
      sums[i % inputs]! += y;
      squares[i % inputs]! += y * y;
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / steps);
  const scale = Float32Array.from(squares, (sum, i) =>
    Math.max(SMALLEST_SCALE, Math.sqrt(Math.max(0, sum / steps - (sums[i]! / steps) ** 2))),
  );
  return {
    'input/mean': { shape: [inputs], values: mean },
    'input/scale': { shape: [inputs], values: scale },
  };
}

/** Arranges scenes time-major and adds noise; missing steps and labels have weight 0. */
function timeMajor(
  scenes: readonly AnalyzedScene[],
  steps: number,
  inputs: number,
  noise: number,
  measured: Weights,
  random: Random,
) {
  const streams = scenes.length;
  const rows = new Float32Array(steps * streams * inputs);
  const labels = new Float32Array(steps * streams);
  const weights = new Float32Array(steps * streams);
  const scale = measured['input/scale']!.values;
  for (const [s, scene] of scenes.entries()) {
    for (let step = 0; step < scene.steps; step++) {
      const at = step * streams + s;
      rows.set(scene.rows.subarray(step * inputs, (step + 1) * inputs), at * inputs);
      for (let i = 0; i < inputs; i++) rows[at * inputs + i]! += noise * scale[i]! * quickNormal(random);
      const label = scene.labels[step]!;
      if (Number.isNaN(label)) continue;
      labels[at] = label;
      weights[at] = 1;
    }
  }
  return { rows, labels, weights };
}

/** Approximately standard normal, at a fifth of the cost: the sum of three uniform numbers. */
function quickNormal(random: Random): number {
  return 2 * (random.next() + random.next() + random.next()) - 3;
}
