import { CLIP_BANDS, CLIP_FRAMES } from '../../../src/stream/clip-mel.ts';

/*
 * How features are stored in memory and in the cache: as 16-bit integers.
 */

/** Stored mel frames are in units of 1/MEL_PARTS: half the memory of float32, and small enough for lookup tables. */
export const MEL_PARTS = 8000;

/** The mel frames of a recording. */
export interface StoredMel {
  /** [frames, MEL_BANDS] in 1/MEL_PARTS. */
  readonly frames: Uint16Array;
  /** Number of frames by the end of each step. */
  readonly ends: Uint16Array;
}

/** Numbers in the clip of one step. */
export const CLIP_SIZE = CLIP_FRAMES * CLIP_BANDS;
/**
 * Stored clips are in units of 1/CLIP_PARTS, which gives a range up to 16; full scale is about 10. The largest error is
 * 1/8192; the clips of DEAM's songs have a standard deviation of 0.8.
 */
export const CLIP_PARTS = 4096;

/** The clips of all whole steps of a recording. */
export interface StoredClips {
  /** [steps, CLIP_FRAMES, CLIP_BANDS] in 1/CLIP_PARTS. */
  readonly clips: Uint16Array;
  readonly steps: number;
}

/** Quantizes clips of the live path, ln(1 + mel power), and writes them to `out` from `at` on. */
export function storeClip(clip: Float32Array, out: Uint16Array, at: number): void {
  for (let i = 0; i < clip.length; i++) {
    out[at + i] = Math.min(0xffff, Math.round(clip[i]! * CLIP_PARTS));
  }
}

/** The reverse of `storeClip`: writes ln(1 + mel power) to `out` from `at` on. */
export function restoreClip(stored: Uint16Array, out: Float32Array, at = 0): void {
  for (let i = 0; i < stored.length; i++) out[at + i] = stored[i]! / CLIP_PARTS;
}
