import type { Tf } from '../../engine.ts';
import { fetchTidy, uploadWeights } from '../../tensors.ts';
import type { Weights } from '../../weights.ts';
import { createNetwork, type NetworkConfig } from './network.ts';
import { type NetworkStep, runOfSteps, type StepInputs } from './network-step.ts';

/** The step by the engine's operations. @param weights of the wide network (see ensemble.ts) */
export function engineStep(tf: Tf, weights: Weights, config: NetworkConfig): NetworkStep {
  const tensors = uploadWeights(tf, weights);
  const network = createNetwork(tf, tensors, config);
  const hidden = config.members * config.hidden;

  function compute({ z, means, memories }: StepInputs): Float32Array {
    const n = memories.length;
    // Fresh arrays, because engines may keep a reference instead of copying.
    const memory = { h: new Float32Array(n * hidden), c: new Float32Array(n * hidden) };
    for (const [i, { h, c }] of memories.entries()) {
      memory.h.set(h!, i * hidden);
      memory.c.set(c!, i * hidden);
    }
    const [computed] = fetchTidy(tf, () => {
      const rows = tf.tensor2d(z, [n, config.inputs]);
      const features = network.project(rows);
      const { h, c } = network.lstmStep(network.gateInputs(features), {
        h: tf.tensor2d(memory.h, [n, hidden]),
        c: tf.tensor2d(memory.c, [n, hidden]),
      });
      const { emotion, logSd, novelty } = network.heads(
        h,
        features,
        rows,
        means && tf.tensor2d(means, [n, 2 * config.inputs]),
      );
      return [tf.concat2d([emotion, logSd, novelty, h, c], 1)];
    });
    return computed!;
  }

  return {
    compute,
    run: runOfSteps(compute, config.inputs, hidden),
    dispose: () => tf.dispose(tensors),
  };
}
