import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../../engine.ts';
import { attend, headwise, type Mix } from './encoder.ts';
import { KeptParts, type StreamingState, timeOf } from './kept.ts';
import { attentionMask } from './mask.ts';
import { HEAD_WIDTH, HEADS, ROWS } from './sizes.ts';

/**
 * Lets the new tokens of several streams attend to the kept ones and to each other. All of these streams keep as many times
 * and have `times` new ones. Call it in a `tf.tidy`.
 */
export type StreamAttention = (states: readonly StreamingState[], times: number) => NewAttention;

export interface NewAttention {
  readonly mix: Mix;
  /** After the last block: the keys and values of each stream's new times, as they are kept. */
  added(): Float32Array[][];
}

/** Attention that the engine computes. @param context times that a token sees, its own included */
export function engineAttention(tf: Tf, context: number): StreamAttention {
  const parts = new KeptParts();

  /** [1, times · ROWS, (before + times) · ROWS]; undefined if nothing is hidden */
  function maskOf(before: number, times: number): Tensor3D | undefined {
    if (times === 1 && before < context) return undefined;
    const mask = attentionMask({ before, times, context });
    return tf.tensor3d(mask, [1, times * ROWS, (before + times) * ROWS]);
  }

  /** The kept keys or values with the new ones: [streams · HEADS, tokens, HEAD_WIDTH]. */
  function withKept(states: readonly StreamingState[], part: number, fresh: Tensor3D): Tensor3D {
    const before = states[0]!.cedKept.length;
    if (before === 0) return fresh;
    const shape: [number, number, number] = [states.length * HEADS, before * ROWS, HEAD_WIDTH];
    // The engine has copied the numbers when the result exists, so the array can be refilled.
    return tf.concat3d([tf.tensor3d(parts.collect(states, part), shape), fresh], 1);
  }

  return (states, times) => {
    const streams = states.length;
    const mask = maskOf(states[0]!.cedKept.length, times);
    const fresh: Tensor[] = [];
    return {
      mix: headwise(tf, streams, ({ queries, keys, values }, block) => {
        fresh.push(keys, values);
        const all = {
          queries,
          keys: withKept(states, 2 * block, keys),
          values: withKept(states, 2 * block + 1, values),
        };
        return attend(tf, all, mask);
      }),
      added() {
        const all = tf.stack(fresh).dataSync() as Float32Array;
        return states.map((_, stream) =>
          Array.from({ length: times }, (_, time) => timeOf(all, stream, streams, time, times)),
        );
      },
    };
  };
}
