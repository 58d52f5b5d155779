import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type { HeadOutputs, Memory, Network } from '../../src/model/kinds/undertone/network.ts';

export interface Unrolled extends HeadOutputs {
  /** [rows, projection] */
  readonly features: Tensor2D;
}

interface UnrollOptions {
  readonly dropout?: { readonly features: Tensor2D; readonly memory: Tensor2D };
  readonly means?: Tensor2D;
}

/**
 * Runs the network over whole sequences from a fresh state. Layers without memory are computed for all steps at once;
 * only the LSTM runs step by step.
 *
 * @param z [steps · streams, inputs] standardized, time-major
 * @param dropout masks for the features and for the LSTM's output on its way to the heads; absent: no dropout
 * @param means [steps · streams, 2 · inputs] for a kernel regression (song-means.ts)
 */
export function unroll(
  tf: Tf,
  network: Network,
  z: Tensor2D,
  streams: number,
  hidden: number,
  { dropout, means }: UnrollOptions = {},
): Unrolled {
  const dense = network.project(z);
  const features: Tensor2D = dropout ? tf.mul(dense, dropout.features) : dense;
  const gates = network.gateInputs(features);
  let memory: Memory = { h: tf.zeros([streams, hidden]), c: tf.zeros([streams, hidden]) };
  const outputs: Tensor2D[] = [];
  // One split, not a slice per step: the gradient of a slice is a tensor of the full size.
  for (const gate of tf.split<Tensor2D>(gates, gates.shape[0] / streams, 0)) {
    memory = network.lstmStep(gate, memory);
    outputs.push(memory.h);
  }
  const h = tf.concat2d(outputs, 0);
  return { features, ...network.heads(dropout ? tf.mul(h, dropout.memory) : h, features, z, means) };
}
