import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import { createLayerKernels } from '../../../../kernels/layer-kernels.ts';
import type { StreamAttention } from './attention.ts';
import { PARTS } from './kept.ts';
import { HEAD_WIDTH, HEADS, ROWS, WIDTH, WINDOW_PATCHES } from './sizes.ts';

/*
 * What the engine `wasm` computes slowly, by undertone's own kernels: its product of two batches of matrices is not
 * vectorized, and splitting the heads by a general transposition took longer than the products. Both copy between two
 * WebAssembly memories, which takes little time at this size.
 */

/** Numbers of the keys, or of the values, of one time. */
const TIME_SIZE: number = HEADS * ROWS * HEAD_WIDTH;
const QKV_SIZE: number = 3 * WIDTH;

/** Attention that the kernels compute, stream by stream. @param context times that a token sees, its own included */
export function kernelAttention(tf: Tf, context: number): StreamAttention {
  const mostTimes = context - 1 + WINDOW_PATCHES;
  const { kernels, areas } = createLayerKernels({
    qkv: WINDOW_PATCHES * ROWS * QKV_SIZE,
    keys: mostTimes * TIME_SIZE,
    values: mostTimes * TIME_SIZE,
    scores: mostTimes * ROWS,
    out: WINDOW_PATCHES * ROWS * WIDTH,
  });
  const { qkv, keys, values, scores, out } = areas;

  return (states, times) => {
    const before = states[0]!.cedKept.length;
    const tokens = times * ROWS;
    const added = states.map(() => Array.from({ length: times }, () => new Float32Array(PARTS * TIME_SIZE)));
    return {
      added: () => added,
      mix(input, block) {
        const all = input.dataSync() as Float32Array;
        const mixed = new Float32Array(states.length * tokens * WIDTH);
        for (const [i, { cedKept }] of states.entries()) {
          qkv.floats.set(all.subarray(i * tokens * QKV_SIZE, (i + 1) * tokens * QKV_SIZE));
          const from = 2 * block * TIME_SIZE;
          for (let time = 0; time < before; time++) {
            const kept = cedKept[time]!;
            keys.floats.set(kept.subarray(from, from + TIME_SIZE), time * TIME_SIZE);
            values.floats.set(kept.subarray(from + TIME_SIZE, from + 2 * TIME_SIZE), time * TIME_SIZE);
          }
          kernels.attend(qkv.at, times, keys.at, values.at, before, context, scores.at, out.at);
          for (let time = 0; time < times; time++) {
            const at = (before + time) * TIME_SIZE;
            added[i]![time]!.set(keys.floats.subarray(at, at + TIME_SIZE), from);
            added[i]![time]!.set(values.floats.subarray(at, at + TIME_SIZE), from + TIME_SIZE);
          }
          mixed.set(out.floats.subarray(0, tokens * WIDTH), i * tokens * WIDTH);
        }
        return tf.tensor2d(mixed, [states.length * tokens, WIDTH]);
      },
    };
  };
}

/** Numbers that `kernelGelu` computes at once. */
const GELU_SIZE = 16_384;

/** u + u · erf(u) by the kernels, to 2e-7 · |u|. */
export function kernelGelu(tf: Tf): (u: Tensor2D) => Tensor2D {
  const { kernels, areas } = createLayerKernels({ numbers: GELU_SIZE });
  const { at: address, floats } = areas.numbers;
  return (u) => {
    const all = u.dataSync() as Float32Array; // A copy: it is refilled and goes back to the engine.
    for (let at = 0; at < all.length; at += GELU_SIZE) {
      const some = all.subarray(at, at + GELU_SIZE);
      floats.set(some);
      kernels.gelu(address, some.length);
      all.set(floats.subarray(0, some.length), at);
    }
    return tf.tensor2d(all, u.shape);
  };
}
