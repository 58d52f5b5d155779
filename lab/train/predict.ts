import type { Tf } from '../../src/model/engine.ts';
import { widen } from '../../src/model/kinds/undertone/ensemble.ts';
import { NO_LEVEL, nextLevel } from '../../src/model/kinds/undertone/level.ts';
import { createNetwork, type NetworkConfig } from '../../src/model/kinds/undertone/network.ts';
import type { Weights } from '../../src/model/weights.ts';
import { batchOf } from './batch.ts';
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
  /** [steps] mean square of the standardized input. */
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
    const outputs = unroll(tf, network, z, streams, config.members * config.hidden);
    const fetched = [outputs.emotion, outputs.logSd, tf.mean(tf.square(z), 1)];
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
