import type { Tf } from '../../../../engine.ts';
import { fetchTidy, uploadWeights } from '../../../../tensors.ts';
import type { Weights } from '../../../../weights.ts';
import type { SmallEncoder } from './encoder.ts';
import { createSmallNetwork } from './network.ts';
import { LAYERS, PATCH_SIZE, PATCHES_A_STEP, WIDTH } from './sizes.ts';

/** The encoder by the engine's operations. @param weights with the input's statistics folded in */
export function engineEncoder(tf: Tf, weights: Weights): SmallEncoder {
  const tensors = uploadWeights(tf, weights);
  const network = createSmallNetwork(tf, tensors);

  return {
    encode(inputs) {
      const streams = inputs.length;
      // Each stream's patches begin at the first time; zeros where it has no more. Fresh arrays here and below, because
      // engines may keep a reference instead of copying.
      const patches = new Float32Array(PATCHES_A_STEP * streams * PATCH_SIZE);
      const present = Array.from({ length: PATCHES_A_STEP }, () => new Float32Array(streams));
      for (const [i, { patches: own }] of inputs.entries()) {
        for (let time = 0; time < own.length / PATCH_SIZE; time++) {
          const patch = own.subarray(time * PATCH_SIZE, (time + 1) * PATCH_SIZE);
          patches.set(patch, (time * streams + i) * PATCH_SIZE);
          present[time]![i] = 1;
        }
      }
      const before = Array.from({ length: LAYERS }, (_, layer) => {
        const h = new Float32Array(streams * WIDTH);
        for (const [i, { memory }] of inputs.entries()) {
          h.set(memory.subarray(layer * WIDTH, (layer + 1) * WIDTH), i * WIDTH);
        }
        return h;
      });
      const after = fetchTidy(
        tf,
        () =>
          network
            .run(
              tf.tensor2d(patches, [PATCHES_A_STEP * streams, PATCH_SIZE]),
              before.map((h) => tf.tensor2d(h, [streams, WIDTH])),
              present.map((each) => (each.includes(0) ? tf.tensor2d(each, [streams, 1]) : undefined)),
            )
            .at(-1)!,
      );
      return inputs.map((_, i) => {
        const memory = new Float32Array(LAYERS * WIDTH);
        for (const [layer, h] of after.entries()) {
          memory.set(h.subarray(i * WIDTH, (i + 1) * WIDTH), layer * WIDTH);
        }
        return memory;
      });
    },
    dispose: () => tf.dispose(tensors),
  };
}
