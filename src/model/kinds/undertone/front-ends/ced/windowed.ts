import type { Tensor2D } from '@tensorflow/tfjs-core';
import { FINE_FRAMES } from '../../../../../stream/fine-mel.ts';
import type { FineMelWindow } from '../../../../../types.ts';
import type { Tf } from '../../../../engine.ts';
import { fetchTidy } from '../../../../tensors.ts';
import { attend, type Encoder, headwise } from './encoder.ts';
import { PATCH_SIZE, type PatchCutter } from './patches.ts';
import { groupBy, poolTimes } from './pool.ts';
import { CED_FEATURES, PATCH_FRAMES, ROWS, WIDTH, WINDOW_PATCHES } from './sizes.ts';

/** The windowed form, as published: computes the newest 3 s of each stream from scratch. It is stateless. */
export interface WindowedCed {
  /** [streams, CED_FEATURES] */
  extract(windows: readonly FineMelWindow[]): Float32Array;
}

/** Whole patches in a window. */
function timesOf({ frames }: FineMelWindow): number {
  return Math.min(WINDOW_PATCHES, Math.floor(frames / PATCH_FRAMES));
}

/** @param atOnce most windows that the engine gets at once */
export function createWindowed(
  tf: Tf,
  encoder: Encoder,
  cutter: PatchCutter,
  atOnce = Number.POSITIVE_INFINITY,
): WindowedCed {
  /** [streams, times, WIDTH] mean tokens of each time. The windows have the same number of times. */
  function encode(windows: readonly FineMelWindow[], times: number): Float32Array {
    const streams = windows.length;
    const patches = new Float32Array(streams * times * ROWS * PATCH_SIZE);
    for (const [i, { mel }] of windows.entries()) {
      cutter.write(mel, FINE_FRAMES - times * PATCH_FRAMES, times, patches, i * times * ROWS);
    }
    const [means] = fetchTidy(tf, () => {
      const cut: Tensor2D = tf.tensor2d(patches, [streams * times * ROWS, PATCH_SIZE]);
      const tokens = encoder.encode(
        encoder.embed(cut, encoder.positions(times)),
        headwise(tf, streams, (heads) => attend(tf, heads)),
      );
      return [tf.mean(tf.reshape(tokens, [streams * times, ROWS, WIDTH]), 1)];
    });
    return means!;
  }

  return {
    extract(windows) {
      const features = new Float32Array(windows.length * CED_FEATURES);
      // Streams differ only in their first 3 s.
      for (const [times, group] of groupBy(windows, timesOf)) {
        if (times === 0) continue;
        const size = times * WIDTH;
        for (let at = 0; at < group.length; at += atOnce) {
          const some = group.slice(at, at + atOnce);
          const means = encode(
            some.map((i) => windows[i]!),
            times,
          );
          for (const [k, i] of some.entries()) {
            poolTimes(means.subarray(k * size, (k + 1) * size), WIDTH, features, i * CED_FEATURES);
          }
        }
      }
      return features;
    },
  };
}
