import { bitsOf, hasLarger } from '../larger-sample.ts';

/** Lossy codecs overshoot full scale by a few decibels. Beyond +12 dB the output is a fault of the decoder. */
const BOUND = bitsOf(4);

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
    if (planes.some((plane) => hasLarger(plane, BOUND, start, end)))
      for (const plane of planes) plane.fill(Number.NaN, start, end);
  }
}
