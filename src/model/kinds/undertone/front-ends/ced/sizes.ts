import { FINE_BANDS, FINE_FRAMES } from '../../../../../stream/fine-mel.ts';

/** Width of a token. */
export const WIDTH = 192;
export const HEADS = 3;
export const HEAD_WIDTH = 64;
/** Width of the hidden layer of a block. */
export const HIDDEN = 768;
export const BLOCKS = 12;

/** Length of a patch in frames (160 ms) and in bands. */
export const PATCH_FRAMES = 16;
export const PATCH_BANDS = 16;
/** Patches of the same time, from low to high bands. */
export const ROWS: number = FINE_BANDS / PATCH_BANDS;
/** Patches of the same row in a window of 3.04 s. */
export const WINDOW_PATCHES: number = FINE_FRAMES / PATCH_FRAMES;
/** Patches of the same row that count as the present: 0.48 s. */
export const NEWEST_PATCHES = 3;
/** Times for which there is a learned position. */
export const POSITIONS = 63;

/** Features of a step of the windowed form: the mean of the tokens of the window, then of the newest patches. */
export const CED_FEATURES: number = 2 * WIDTH;

/**
 * Blocks whose tokens are features of the streaming form. The last ones know what is sung and played; those in between
 * keep more of loudness, timbre and density, which arousal needs.
 */
export const READ_BLOCKS: readonly number[] = [5, 8, BLOCKS - 1];
/** Width of a time's mean tokens in the streaming form: those of each of READ_BLOCKS in a row. */
export const MEANS_WIDTH: number = READ_BLOCKS.length * WIDTH;
/** Features of a step of the streaming form: the mean of its times' mean tokens, then of the newest. */
export const STREAMING_FEATURES: number = 2 * MEANS_WIDTH;

/** The shape of every stored tensor by name. */
export const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'init_bn.weight': [FINE_BANDS],
  'init_bn.bias': [FINE_BANDS],
  'init_bn.running_mean': [FINE_BANDS],
  'init_bn.running_var': [FINE_BANDS],
  'patch_embed.proj.weight': [WIDTH, PATCH_BANDS, PATCH_FRAMES],
  'patch_embed.proj.bias': [WIDTH],
  time_pos_embed: [WIDTH, POSITIONS],
  freq_pos_embed: [WIDTH, ROWS],
  'norm.weight': [WIDTH],
  'norm.bias': [WIDTH],
  ...Object.fromEntries(
    Array.from({ length: BLOCKS }, (_, block) => [
      [`blocks.${block}.norm1.weight`, [WIDTH]],
      [`blocks.${block}.norm1.bias`, [WIDTH]],
      [`blocks.${block}.attn.qkv.kernel`, [WIDTH, 3 * WIDTH]],
      [`blocks.${block}.attn.qkv.bias`, [3 * WIDTH]],
      [`blocks.${block}.attn.proj.kernel`, [WIDTH, WIDTH]],
      [`blocks.${block}.attn.proj.bias`, [WIDTH]],
      [`blocks.${block}.norm2.weight`, [WIDTH]],
      [`blocks.${block}.norm2.bias`, [WIDTH]],
      [`blocks.${block}.mlp.fc1.kernel`, [WIDTH, HIDDEN]],
      [`blocks.${block}.mlp.fc1.bias`, [HIDDEN]],
      [`blocks.${block}.mlp.fc2.kernel`, [HIDDEN, WIDTH]],
      [`blocks.${block}.mlp.fc2.bias`, [WIDTH]],
    ]).flat(),
  ),
};
