import { CLIP_BANDS, CLIP_FRAMES } from '../../../src/stream/clip-mel.ts';

/** Stored mel frames are 16-bit numbers of this many parts of 1: half the memory, and a table can look them up. */
export const MEL_PARTS = 8000;

/** What an analysis heard in a clip. */
export interface ClipMel {
  /** [frames, MEL_BANDS] in 1/MEL_PARTS. */
  readonly frames: Uint16Array;
  /** Frames given by the end of each step. */
  readonly ends: Uint16Array;
}

/** Numbers in the clip of one step. */
export const CLIP_SIZE = CLIP_FRAMES * CLIP_BANDS;
/**
 * Stored clips are 16-bit numbers of this many parts of 1, which reach to 16: full scale gives about 10. The
 * largest error is 1/8192, where the clips of DEAM's songs have a standard deviation of 0.8.
 */
export const CLIP_PARTS = 4096;

/** The clips of all whole steps of a recording. */
export interface StoredClips {
  /** [steps, CLIP_FRAMES, CLIP_BANDS] in 1/CLIP_PARTS. */
  readonly clips: Uint16Array;
  readonly steps: number;
}

/** Writes clips, as the live path gives them, to `out` from `at` on. */
export function storeClip(clip: Float32Array, out: Uint16Array, at: number): void {
  for (let i = 0; i < clip.length; i++) {
    out[at + i] = Math.min(0xffff, Math.round(clip[i]! * CLIP_PARTS));
  }
}

/** Fills `out` from `at` on with the values of stored ones: ln(1 + mel power). */
export function restoreClip(stored: Uint16Array, out: Float32Array, at = 0): void {
  for (let i = 0; i < stored.length; i++) out[at + i] = stored[i]! / CLIP_PARTS;
}
