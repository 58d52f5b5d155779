import { MEL_BANDS } from '../../../../../stream/mel.ts';

/** Length of a patch in frames of all mel bands: 128 ms; patches do not overlap. */
export const PATCH_FRAMES = 8;
export const PATCH_SIZE: number = PATCH_FRAMES * MEL_BANDS;
/** The most patches that a step completes: up to 7 frames are left from the step before, and it receives at most 32. */
export const PATCHES_A_STEP = 4;
/** Width of the dense layer and of both recurrent layers. */
export const WIDTH = 128;
export const LAYERS = 2;
/** Length of a stream's state: the number of frames after the last patch, then the memory of each layer. */
export const MEMORY_LENGTH: number = 1 + LAYERS * WIDTH;

/** The shape of every stored tensor by name; kernels are stored as int8. */
export const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'input.mean': [MEL_BANDS], // of the training music, for each band
  'input.scale': [MEL_BANDS],
  'embed.kernel': [PATCH_SIZE, WIDTH], // rows in the order of frames, oldest first, then bands
  'embed.bias': [WIDTH],
  ...Object.fromEntries(
    Array.from({ length: LAYERS }, (_, layer) => [
      [`gru.${layer}.input.kernel`, [WIDTH, 3 * WIDTH]], // gates in the order reset, update, candidate
      [`gru.${layer}.input.bias`, [3 * WIDTH]],
      [`gru.${layer}.hidden.kernel`, [WIDTH, 3 * WIDTH]],
      [`gru.${layer}.hidden.bias`, [3 * WIDTH]],
    ]).flat(),
  ),
};
