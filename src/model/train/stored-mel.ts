/** Stored mel frames are 16-bit numbers of this many parts of 1: half the memory, and a table can look them up. */
export const MEL_PARTS = 8000;

/** What an analysis heard in a clip. */
export interface ClipMel {
  /** [frames, MEL_BANDS] in 1/MEL_PARTS. */
  readonly frames: Uint16Array;
  /** Frames given by the end of each step. */
  readonly ends: Uint16Array;
}
