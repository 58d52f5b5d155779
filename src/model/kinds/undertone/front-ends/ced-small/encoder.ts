/** What the encoder computes of one stream in a step. */
export interface SmallInput {
  /** [at most PATCHES_A_STEP, PATCH_SIZE] the new patches, oldest first. */
  readonly patches: Float32Array;
  /** [LAYERS, WIDTH] the memory before them. */
  readonly memory: Float32Array;
}

/** Computes the new patches of several streams. */
export interface SmallEncoder {
  /** The memory of each stream after its patches: [LAYERS, WIDTH], a fresh array or the given one. */
  encode(inputs: readonly SmallInput[]): Float32Array[];
  /**
   * Successive steps of one stream. Absent: no faster than one after another.
   *
   * @param steps the new patches of each, as in `SmallInput`
   * @param memory [LAYERS, WIDTH] before the first
   * @returns the memory after each step
   */
  encodeRun?(steps: readonly Float32Array[], memory: Float32Array): Float32Array[];
  dispose(): void;
}
