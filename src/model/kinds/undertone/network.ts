import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../engine.ts';
import { INPUT_LIMIT } from '../../standardized.ts';
import { SUMMARY_LENGTH } from '../../summary.ts';
import type { FrontEndName } from './front-ends/index.ts';
import { kernelShapes, regress } from './kernel-regression.ts';

/** The sizes of a network. They are stored with the weights and checked when they are loaded. */
export interface NetworkConfig {
  /** Computes the network's inputs from a window. */
  readonly frontEnd: FrontEndName;
  /** Number of inputs: `INPUTS[frontEnd]`. */
  readonly inputs: number;
  /** Width of the dense layer before the LSTM. */
  readonly projection: number;
  /** Units of the LSTM. */
  readonly hidden: number;
  /** Size of the ensemble: separately trained networks whose outputs are combined; 1 without an ensemble. */
  readonly members: number;
  /** Landmarks of the kernel regression beside the ensemble (see kernel-regression.ts); 0: the ensemble alone. */
  readonly landmarks: number;
  /** The reading is a running mean of the outputs; least share of the newest one (see level.ts). 1: the output. */
  readonly leastShare: number;
}

export const DEFAULT_NETWORK: NetworkConfig = {
  frontEnd: 'mel',
  inputs: SUMMARY_LENGTH,
  projection: 96,
  hidden: 64,
  members: 1,
  landmarks: 0,
  leastShare: 1,
};

export const LOG_SD_RANGE = [-4, 0.5] as const;
/** Share of the kernel regression in the output; the networks have the rest. */
export const REGRESSION_SHARE = 0.75;

/**
 * The shape of every tensor by name, as the network is computed. `input/*` are statistics of the training data, the
 * rest is learned. For the layout of an ensemble see ensemble.ts.
 */
export function weightShapes({
  inputs,
  projection,
  hidden,
  members,
  landmarks,
}: NetworkConfig): Record<string, readonly number[]> {
  const [p, h] = [members * projection, members * hidden];
  return {
    'input/mean': [inputs],
    'input/scale': [inputs],
    'project/kernel': [inputs, p],
    'project/bias': [p],
    'lstm/input-kernel': [p, 4 * h], // gates in the order input, forget, cell, output
    'lstm/hidden-kernel': [h, 4 * h],
    'lstm/bias': [4 * h],
    'emotion/kernel': [h + p, members * 4], // valence, arousal, log sd of each; grouped by output, not by network
    'emotion/bias': [members * 4],
    ...(landmarks > 0 && kernelShapes(2 * inputs, landmarks)),
  };
}

/** The shape of every tensor as it is stored: the networks of an ensemble one after another. */
export function storedShapes(config: NetworkConfig): Record<string, readonly number[]> {
  const { members } = config;
  const single = weightShapes({ ...config, members: 1 });
  if (members === 1) return single;
  return Object.fromEntries(
    Object.entries(single).map(([name, shape]) => [name, isShared(name) ? shape : [members, ...shape]]),
  );
}

/** Whether the networks of an ensemble have the tensor in common. */
export const isShared = (name: string): boolean => name.startsWith('input/') || name.startsWith('kernel/');

export type NetworkTensors = Readonly<Record<string, Tensor>>;

/** LSTM memory, [batch, members · hidden] each. */
export interface Memory {
  readonly h: Tensor2D;
  readonly c: Tensor2D;
}

/** Outputs of the heads, before calibration. */
export interface HeadOutputs {
  /** [batch, 2] valence and arousal in (-1, 1). */
  readonly emotion: Tensor2D;
  /** [batch, 2] log of their standard deviations. */
  readonly logSd: Tensor2D;
  /**
   * [batch, 1] how unlike the training data the inputs are, from 0: with a kernel regression the distance of its means from
   * the nearest landmark (kernel-regression.ts), without one the mean square of the standardized inputs.
   */
  readonly novelty: Tensor2D;
}

/**
 * The network as pure functions of tensors: live tracking calls them once per step, training once per step of an
 * unrolled sequence. It keeps no state between calls. It has no convolutions, so every engine can compute its
 * gradients.
 */
export function createNetwork(
  tf: Tf,
  weights: NetworkTensors,
  { hidden, members, landmarks }: NetworkConfig,
) {
  const get = <T extends Tensor>(name: string) => weights[name] as T;
  const dense = (x: Tensor2D, name: string): Tensor2D =>
    tf.add(tf.matMul(x, get<Tensor2D>(`${name}/kernel`)), get(`${name}/bias`));

  /** [rows, inputs] → the same in standard deviations from the mean of the training data. */
  function standardize(summaries: Tensor2D): Tensor2D {
    const z = tf.div(tf.sub(summaries, get('input/mean')), get('input/scale'));
    return tf.clipByValue(z, -INPUT_LIMIT, INPUT_LIMIT) as Tensor2D;
  }

  /** [rows, inputs] standardized → [rows, projection] */
  function project(z: Tensor2D): Tensor2D {
    return tf.relu(dense(z, 'project'));
  }

  /** [rows, projection] → [rows, 4 · hidden], the part of the gates that does not depend on the memory. */
  function gateInputs(features: Tensor2D): Tensor2D {
    return tf.add(tf.matMul(features, get<Tensor2D>('lstm/input-kernel')), get('lstm/bias'));
  }

  /** One step of the LSTM. `gates` [batch, 4 · hidden] from `gateInputs`. */
  function lstmStep(gates: Tensor2D, { h, c }: Memory): Memory {
    const n = members * hidden;
    const sum: Tensor2D = tf.add(gates, tf.matMul(h, get<Tensor2D>('lstm/hidden-kernel')));
    const part = (i: number) => tf.slice2d(sum, [0, i * n], [-1, n]);
    const cNext: Tensor2D = tf.add(
      tf.mul(tf.sigmoid(part(1)), c),
      tf.mul(tf.sigmoid(part(0)), tf.tanh(part(2))),
    );
    return { h: tf.mul(tf.sigmoid(part(3)), tf.tanh(cNext)), c: cNext };
  }

  /**
   * Memory, features, inputs and means of the same rows → the outputs of each row.
   *
   * @param z [rows, inputs] standardized
   * @param means [rows, 2 · inputs] short and long means of the song, for the kernel regression
   */
  function heads(h: Tensor2D, features: Tensor2D, z: Tensor2D, means?: Tensor2D): HeadOutputs {
    const joined = tf.concat2d([h, features], 1);
    const all = dense(joined, 'emotion');
    const emotion: Tensor2D = tf.tanh(tf.slice2d(all, [0, 0], [-1, 2 * members]));
    const logSd = tf.clipByValue(tf.slice2d(all, [0, 2 * members], [-1, 2 * members]), ...LOG_SD_RANGE);
    if (landmarks > 0) {
      const { emotion: raw, novelty } = regress(tf, weights, means!);
      const regression = tf.clipByValue(raw, -1, 1) as Tensor2D;
      return { ...mixture(emotion, logSd as Tensor2D, regression), novelty };
    }
    const novelty: Tensor2D = tf.mean(tf.square(z), 1, true);
    const outputs =
      members === 1 ? { emotion, logSd: logSd as Tensor2D } : mixture(emotion, logSd as Tensor2D);
    return { ...outputs, novelty };
  }

  /** [rows, n · members] → [rows, n] */
  function meanOf(x: Tensor2D): Tensor2D {
    return tf.mean(tf.reshape(x, [x.shape[0], -1, members]), 2);
  }

  /**
   * The ensemble as an even mixture of Gaussians (Lakshminarayanan et al. 2017): the mean of the predictions; the
   * variance is the mean predicted variance (listeners' disagreement) plus the spread of the means (model uncertainty).
   *
   * @param regression [rows, 2] that counts `REGRESSION_SHARE`, with the variance of the networks
   */
  function mixture(
    emotion: Tensor2D,
    logSd: Tensor2D,
    regression?: Tensor2D,
  ): Pick<HeadOutputs, 'emotion' | 'logSd'> {
    const both = (ofNetworks: Tensor2D, other: () => Tensor2D): Tensor2D =>
      regression
        ? tf.add(tf.mul(1 - REGRESSION_SHARE, ofNetworks), tf.mul(REGRESSION_SHARE, other()))
        : ofNetworks;
    const mean = both(meanOf(emotion), () => regression!);
    const expected = meanOf(tf.exp(tf.mul(2, logSd)));
    const squares = both(meanOf(tf.square(emotion)), () => tf.square(regression!));
    const differing = tf.sub(squares, tf.square(mean));
    return { emotion: mean, logSd: tf.mul(0.5, tf.log(tf.add(expected, tf.relu(differing)))) };
  }

  return { standardize, project, gateInputs, lstmStep, heads };
}

export type Network = ReturnType<typeof createNetwork>;
