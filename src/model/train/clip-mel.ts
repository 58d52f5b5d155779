import type { FftPlans } from '../../stream/fft.ts';
import { Listener } from '../../stream/listener.ts';
import { MEL_BANDS } from '../../stream/mel.ts';
import { openRecording } from '../../stream/sources/recording.ts';
import { UserError } from '../../user-error.ts';

/** Mel frames are kept as 16-bit numbers of this many parts of 1: half the memory, and a table can look them up. */
export const MEL_PARTS = 8000;

/** What the live path's analysis heard in a clip. */
export interface ClipMel {
  /** [frames, MEL_BANDS] in 1/MEL_PARTS. */
  readonly frames: Uint16Array;
  /** Frames given by the end of each step. */
  readonly ends: Uint16Array;
}

/**
 * Drives the live path over a recording and collects its mel frames up to the end of the last whole step.
 *
 * @throws UserError `bad-audio`, `bad-format`, or `bad-data` where it is shorter than one step
 */
export async function hearClip(path: string, plans: FftPlans): Promise<ClipMel> {
  const listener = new Listener('training', plans);
  const pieces: Uint16Array[] = [];
  const ends: number[] = [];
  let frames = 0;
  for await (const item of openRecording(path).source.open(new AbortController().signal)) {
    for (const heard of listener.hear(item)) {
      if (!('mel' in heard)) continue;
      const { mel, newFrames } = heard;
      const piece = mel.subarray(mel.length - newFrames * MEL_BANDS);
      pieces.push(Uint16Array.from(piece, (y) => Math.min(0xffff, Math.round(y * MEL_PARTS))));
      frames += newFrames;
      ends.push(frames);
    }
  }
  if (frames === 0 || frames > 0xffff) {
    throw new UserError(
      'bad-data',
      `The clip ${path} lasts ${ends.length / 2} s, but 0.5 s to 17 minutes are expected; cut it or remove it from clips.csv.`,
    );
  }
  const all = new Uint16Array(frames * MEL_BANDS);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return { frames: all, ends: Uint16Array.from(ends) };
}
