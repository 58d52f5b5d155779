import type { Tf } from '../../src/model/engine.ts';
import { widen } from '../../src/model/kinds/undertone/ensemble.ts';
import { NO_LEVEL, nextLevel } from '../../src/model/kinds/undertone/level.ts';
import { createNetwork, type NetworkConfig } from '../../src/model/kinds/undertone/network.ts';
import { meansOfSong } from '../../src/model/kinds/undertone/song-means.ts';
import type { Weights } from '../../src/model/weights.ts';
import { type Batch, batchOf } from './batch.ts';
import type { Sequence } from './sequence.ts';
import { unroll } from './unroll.ts';

/** Sequences that are predicted in one batch. */
const STREAMS = 64;

/** The network's predictions for one sequence from a fresh state, before calibration. */
export interface Predicted {
  readonly sequence: Sequence;
  /** [steps, 2] valence, arousal: the reading, a running mean of the network's outputs. */
  readonly emotion: Float32Array;
  /** [steps, 2] standard deviation of valence and of arousal. */
  readonly sd: Float32Array;
  /** [steps] how unlike the training data the input is (see network.ts). */
  readonly novelty: Float32Array;
}

/** Runs trained weights over sequences, each from a fresh state. */
export function predict(
  tf: Tf,
  config: NetworkConfig,
  weights: Weights,
  sequences: readonly Sequence[],
): Predicted[] {
  const predicted: Predicted[] = [];
  for (let at = 0; at < sequences.length; at += STREAMS) {
    predicted.push(...predictBatch(tf, config, weights, sequences.slice(at, at + STREAMS)));
  }
  return predicted;
}

function predictBatch(
  tf: Tf,
  config: NetworkConfig,
  weights: Weights,
  sequences: readonly Sequence[],
): Predicted[] {
  const batch = batchOf(sequences, 0);
  const { streams } = batch;
  const rows = batch.steps * streams;
  const [emotion, logSd, novelty] = tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(widen(weights, config)).map(([name, { shape, values }]) => [
        name,
        tf.tensor(values, [...shape]),
      ]),
    );
    const network = createNetwork(tf, tensors, config);
    const z = network.standardize(tf.tensor2d(batch.summaries, [rows, config.inputs]));
    const means = config.landmarks > 0 && {
      means: tf.tensor2d(meansOfBatch(sequences, weights, batch), [rows, 2 * config.inputs]),
    };
    const outputs = unroll(tf, network, z, streams, config.members * config.hidden, { ...means });
    const fetched = [outputs.emotion, outputs.logSd, outputs.novelty];
    return fetched.map((tensor) => tensor.dataSync() as Float32Array);
  }) as unknown as [Float32Array, Float32Array, Float32Array];
  return sequences.map((sequence, stream) => {
    const take = (values: Float32Array, width: number) => {
      const out = new Float32Array(sequence.steps * width);
      for (let step = 0; step < sequence.steps; step++) {
        const from = (step * streams + stream) * width;
        out.set(values.subarray(from, from + width), step * width);
      }
      return out;
    };
    return {
      sequence,
      emotion: readings(take(emotion, 2), config.leastShare),
      sd: take(logSd, 2).map(Math.exp),
      novelty: take(novelty, 1),
    };
  });
}

/** The means of all sequences, each a song from its beginning, time-major as in the batch: [steps · streams, 2 · inputs] */
function meansOfBatch(
  sequences: readonly Sequence[],
  { 'input/mean': mean, 'input/scale': scale }: Weights,
  { steps, streams, inputs }: Batch,
): Float32Array {
  const all = new Float32Array(steps * streams * 2 * inputs);
  for (const [stream, { summaries }] of sequences.entries()) {
    const means = meansOfSong(summaries, mean!.values, scale!.values);
    for (let from = 0, row = stream; from < means.length; from += 2 * inputs, row += streams) {
      all.set(means.subarray(from, from + 2 * inputs), row * 2 * inputs);
    }
  }
  return all;
}

/** The outputs of a song from its beginning, [steps, 2] → the readings (see level.ts). */
function readings(outputs: Float32Array, leastShare: number): Float32Array {
  let level = NO_LEVEL;
  for (let i = 0; i < outputs.length; i += 2) {
    level = nextLevel(level, outputs[i]!, outputs[i + 1]!, leastShare);
    outputs[i] = level.valence;
    outputs[i + 1] = level.arousal;
  }
  return outputs;
}
