/** The longest codec frame: AAC with SBR. Shorter frames (MP3, Opus, plain AAC) are blanked two or more at a time. */
const FRAME_SAMPLES = 2048;

/** Formats of `audio-decode` that store samples unchanged, so that any value can be in the recording. */
const LOSSLESS = new Set(['wav', 'aiff', 'caf', 'flac', 'wv', 'tta', 'ape', 'dsf', 'dff']);

export function isLossless(type: string): boolean {
  return LOSSLESS.has(type);
}

/**
 * Replaces every frame that has a sample beyond ±4 or a value that is not finite by NaN, in all channels, in place:
 * such values later count as silence and as a gap, and no edge of the burst is analyzed. Time is unchanged. FAAD2
 * delivers such bursts for HE-AAC v2, up to +50 dB over full scale; see docs/known-faults.md.
 *
 * @param planes [channels][samples] what a lossy codec returned for whole frames. Only the start of a recording can
 *   begin within a frame, because encoder delay is trimmed there, so frames are counted from the end.
 */
export function blankBursts(planes: readonly Float32Array[]): void {
  const length = planes[0]?.length ?? 0;
  for (let end = length; end > 0; end -= FRAME_SAMPLES) {
    const start = Math.max(0, end - FRAME_SAMPLES);
    if (planes.some((plane) => hasBurst(plane, start, end)))
      for (const plane of planes) plane.fill(Number.NaN, start, end);
  }
}

/**
 * Lossy codecs overshoot full scale by a few decibels. Beyond +12 dB, here the bits of 4, the output is a fault of the
 * decoder. Without their sign, the bits of two numbers compare as the numbers; NaN is above infinity.
 */
const MAX_BITS = 0x40800000;
const WITHOUT_SIGN = 0x7fffffff;

/** Almost no frame has one, so this looks at all samples without a branch. */
function hasBurst(plane: Float32Array, start: number, end: number): boolean {
  const bits = new Int32Array(plane.buffer, plane.byteOffset, plane.length);
  let tooLarge = 0;
  for (let i = start; i < end; i++) tooLarge |= MAX_BITS - (bits[i]! & WITHOUT_SIGN);
  return tooLarge < 0;
}
