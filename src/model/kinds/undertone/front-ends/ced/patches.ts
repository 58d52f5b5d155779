import { FINE_BANDS } from '../../../../../stream/fine-mel.ts';
import type { Weights } from '../../../../weights.ts';
import { PATCH_BANDS, PATCH_FRAMES, ROWS } from './sizes.ts';

/** Numbers of the patches of one time. */
const TIME_SIZE: number = PATCH_FRAMES * FINE_BANDS;
export const PATCH_SIZE: number = PATCH_FRAMES * PATCH_BANDS;

const EPSILON = 1e-5;

/** Cuts mel frames into patches, after the network's normalization of each band. */
export interface PatchCutter {
  /**
   * Writes the patches of `times` times to `out` from patch `at` on: [times, ROWS, PATCH_FRAMES, PATCH_BANDS].
   *
   * @param mel [frames, FINE_BANDS] in dB
   * @param first index of the first frame
   */
  write(mel: Float32Array, first: number, times: number, out: Float32Array, at: number): void;
}

export function createPatchCutter(weights: Weights): PatchCutter {
  const [gain, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => weights[`init_bn.${part}`]!.values,
  );
  const scale = gain!.map((value, band) => value / Math.sqrt(variance![band]! + EPSILON));
  const offset = bias!.map((value, band) => value - mean![band]! * scale[band]!);
  return {
    write(mel, first, times, out, at) {
      let to = at * PATCH_SIZE;
      for (let time = 0; time < times; time++) {
        for (let row = 0; row < ROWS; row++) {
          for (let frame = 0; frame < PATCH_FRAMES; frame++) {
            const from = (first + frame) * FINE_BANDS + time * TIME_SIZE;
            for (let band = row * PATCH_BANDS; band < (row + 1) * PATCH_BANDS; band++) {
              out[to++] = mel[from + band]! * scale[band]! + offset[band]!;
            }
          }
        }
      }
    },
  };
}

/** [WIDTH, bands, frames] → [PATCH_SIZE, WIDTH], for patches in the order of `PatchCutter`. */
export function patchKernel(stored: Float32Array): Float32Array {
  const width = stored.length / PATCH_SIZE;
  return Float32Array.from({ length: stored.length }, (_, i) => {
    const output = i % width;
    const place = Math.floor(i / width);
    const frame = Math.floor(place / PATCH_BANDS);
    const band = place % PATCH_BANDS;
    return stored[output * PATCH_SIZE + band * PATCH_FRAMES + frame]!;
  });
}
