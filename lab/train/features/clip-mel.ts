import type { FftPlans } from '../../../src/stream/fft.ts';
import { HOP_SECONDS, MEL_BANDS } from '../../../src/stream/mel.ts';
import { STEP_SECONDS } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { type Playing, playedMel } from '../augment/speed-pitch.ts';
import { liveWindows } from './clip-windows.ts';
import { decodeMono } from './decode-mono.ts';
import { type ClipMel, MEL_PARTS } from './stored.ts';

/**
 * Drives the live path over a recording and collects its mel frames up to the end of the last whole step.
 *
 * @throws UserError `bad-audio`, `bad-format`, or `bad-data` where it is shorter than one step
 */
export async function hearClip(path: string, plans: FftPlans): Promise<ClipMel> {
  const pieces: Uint16Array[] = [];
  const ends: number[] = [];
  let frames = 0;
  for await (const { mel, newFrames } of liveWindows(path, plans)) {
    pieces.push(stored(mel.subarray(mel.length - newFrames * MEL_BANDS)));
    frames += newFrames;
    ends.push(frames);
  }
  checkLength(path, frames, ends.length);
  const all = new Uint16Array(frames * MEL_BANDS);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return { frames: all, ends: Uint16Array.from(ends) };
}

/** The same of a recording that is played at another tempo or pitch. */
export async function hearPlayed(path: string, plans: FftPlans, playing: Playing): Promise<ClipMel> {
  const { mono, sampleRateHz } = await decodeMono(path);
  const seconds = mono.length / sampleRateHz / playing.speed;
  const ends = Array.from({ length: Math.floor(seconds / STEP_SECONDS) }, (_, step) => framesBy(step));
  const mel = playedMel(plans, mono, sampleRateHz, playing);
  while (ends.length > 0 && ends.at(-1)! * MEL_BANDS > mel.length) ends.pop(); // the window outlasts the clip
  checkLength(path, ends.at(-1) ?? 0, ends.length);
  return { frames: stored(mel.subarray(0, ends.at(-1)! * MEL_BANDS)), ends: Uint16Array.from(ends) };
}

/** Frames that lie wholly before the end of a step: each covers 32 ms, one begins every 16 ms. */
function framesBy(step: number): number {
  return Math.floor((STEP_SECONDS * (step + 1) - 2 * HOP_SECONDS) / HOP_SECONDS + 1e-6) + 1;
}

function stored(mel: Float32Array): Uint16Array {
  return Uint16Array.from(mel, (y) => Math.min(0xffff, Math.round(y * MEL_PARTS)));
}

function checkLength(path: string, frames: number, steps: number): void {
  if (frames > 0 && frames <= 0xffff) return;
  throw new UserError(
    'bad-data',
    `The clip ${path} lasts ${steps * STEP_SECONDS} s, but 0.5 s to 17 minutes are expected; cut it or leave it out.`,
  );
}
