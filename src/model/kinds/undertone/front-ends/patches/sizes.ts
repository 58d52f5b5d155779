import { MEL_BANDS } from '../../../../../stream/mel.ts';

/** A patch: this many frames of all mel bands, 80 ms of sound. */
export const PATCH_FRAMES = 4;
export const PATCH_SIZE: number = PATCH_FRAMES * MEL_BANDS;
/** How many kinds of patch there are. */
export const PATCHES = 128;

/** A patch begins at every second frame, 16 in a step: every frame told no more for twice the time. */
export const PATCH_STRIDE = 2;
export const PATCHES_A_STEP = 16;
/** Steps that are pooled: those of the window, 3 s. */
export const POOLED_STEPS = 6;

/** Mean and maximum of each kind's strength over the window. */
export const PATCH_INPUTS: number = 2 * PATCHES;
