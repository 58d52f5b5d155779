import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { FORECAST_HORIZONS } from '../types.ts';
import type { NetworkConfig } from './config.ts';
import type { Tf } from './engine.ts';

const H = FORECAST_HORIZONS.length;
/** Standardised inputs are held within this many standard deviations, so that odd sound cannot shout. */
const INPUT_LIMIT = 5;
const LOG_SD_RANGE = [-4, 0.5] as const;

/** Every tensor of the network by name. `input/*` are measured on the training data, the rest is learned. */
export function weightShapes({
  inputs,
  projection,
  hidden,
}: NetworkConfig): Record<string, readonly number[]> {
  return {
    'input/mean': [inputs],
    'input/scale': [inputs],
    'project/kernel': [inputs, projection],
    'project/bias': [projection],
    'lstm/input-kernel': [projection, 4 * hidden], // gates in the order input, forget, cell, output
    'lstm/hidden-kernel': [hidden, 4 * hidden],
    'lstm/bias': [4 * hidden],
    'emotion/kernel': [hidden + projection, 4], // valence, arousal, log sd of each
    'emotion/bias': [4],
    'change/kernel': [hidden + projection, 2 * H], // for each horizon: change of valence, of arousal
    'change/bias': [2 * H],
  };
}

export type NetworkTensors = Readonly<Record<string, Tensor>>;

/** LSTM memory, [batch, hidden] each. */
export interface Memory {
  readonly h: Tensor2D;
  readonly c: Tensor2D;
}

/** What the heads say, before calibration. */
export interface HeadOutputs {
  /** [batch, 2] valence and arousal in (-1, 1). */
  readonly emotion: Tensor2D;
  /** [batch, 2] log of their standard deviations. */
  readonly logSd: Tensor2D;
  /** [batch, 2 · horizons] expected change of valence and arousal up to each horizon. */
  readonly change: Tensor2D;
}

/**
 * The network as pure functions of tensors: live tracking calls them once per step, training once per
 * step of an unrolled sequence. Nothing is kept between calls. Convolution-free, so that every engine
 * can compute its gradients.
 */
export function createNetwork(tf: Tf, weights: NetworkTensors, config: NetworkConfig) {
  const get = <T extends Tensor>(name: string) => weights[name] as T;
  const dense = (x: Tensor2D, name: string): Tensor2D =>
    tf.add(tf.matMul(x, get<Tensor2D>(`${name}/kernel`)), get(`${name}/bias`));

  /** [rows, inputs] summaries → the same in standard deviations from the training data's mean. */
  function standardise(summaries: Tensor2D): Tensor2D {
    const z = tf.div(tf.sub(summaries, get('input/mean')), get('input/scale'));
    return tf.clipByValue(z, -INPUT_LIMIT, INPUT_LIMIT) as Tensor2D;
  }

  /** [rows, inputs] standardised → [rows, projection] */
  function project(z: Tensor2D): Tensor2D {
    return tf.relu(dense(z, 'project'));
  }

  /** [rows, projection] → [rows, 4 · hidden], the part of the gates that needs no memory. */
  function gateInputs(features: Tensor2D): Tensor2D {
    return tf.add(tf.matMul(features, get<Tensor2D>('lstm/input-kernel')), get('lstm/bias'));
  }

  /** One step of the LSTM. `gates` [batch, 4 · hidden] from `gateInputs`. */
  function remember(gates: Tensor2D, { h, c }: Memory): Memory {
    const n = config.hidden;
    const sum: Tensor2D = tf.add(gates, tf.matMul(h, get<Tensor2D>('lstm/hidden-kernel')));
    const part = (i: number) => tf.slice2d(sum, [0, i * n], [-1, n]);
    const cNext: Tensor2D = tf.add(
      tf.mul(tf.sigmoid(part(1)), c),
      tf.mul(tf.sigmoid(part(0)), tf.tanh(part(2))),
    );
    return { h: tf.mul(tf.sigmoid(part(3)), tf.tanh(cNext)), c: cNext };
  }

  /** [rows, hidden] and [rows, projection] → what is said of each row. */
  function heads(h: Tensor2D, features: Tensor2D): HeadOutputs {
    const joined = tf.concat2d([h, features], 1);
    const emotion = dense(joined, 'emotion');
    return {
      emotion: tf.tanh(tf.slice2d(emotion, [0, 0], [-1, 2])),
      logSd: tf.clipByValue(tf.slice2d(emotion, [0, 2], [-1, 2]), ...LOG_SD_RANGE) as Tensor2D,
      change: dense(joined, 'change'),
    };
  }

  return { standardise, project, gateInputs, remember, heads };
}

export type Network = ReturnType<typeof createNetwork>;
