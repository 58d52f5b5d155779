import type { FftPlans } from '../../../src/stream/fft.ts';
import { HOP_SECONDS, MEL_BANDS } from '../../../src/stream/mel.ts';
import { STEP_SECONDS } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { type SpeedPitch, speedPitchMel } from '../augment/speed-pitch.ts';
import { decodeMono, liveWindows } from './recording.ts';
import { MEL_PARTS, type StoredMel } from './stored.ts';

/**
 * Runs the live path over a recording and collects its mel frames up to the end of the last whole step.
 *
 * @throws UserError `bad-audio`, `bad-format`, or `bad-data` if it is shorter than one step or longer than 17 minutes
 */
export async function extractMel(path: string, plans: FftPlans): Promise<StoredMel> {
  const pieces: Uint16Array[] = [];
  const ends: number[] = [];
  let frames = 0;
  for await (const { mel, newFrames } of liveWindows(path, plans)) {
    pieces.push(quantized(mel.subarray(mel.length - newFrames * MEL_BANDS)));
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

/** The mel frames of a recording at another speed and pitch. @throws UserError like `extractMel` */
export async function extractSpeedPitchMel(
  path: string,
  plans: FftPlans,
  speedPitch: SpeedPitch,
): Promise<StoredMel> {
  const { mono, sampleRateHz } = await decodeMono(path);
  const seconds = mono.length / sampleRateHz / speedPitch.speed;
  const ends = Array.from({ length: Math.floor(seconds / STEP_SECONDS) }, (_, step) => framesBy(step));
  const mel = speedPitchMel(plans, mono, sampleRateHz, speedPitch);
  while (ends.length > 0 && ends.at(-1)! * MEL_BANDS > mel.length) ends.pop(); // at a higher pitch, the last window may extend over the end
  checkLength(path, ends.at(-1) ?? 0, ends.length);
  return { frames: quantized(mel.subarray(0, ends.at(-1)! * MEL_BANDS)), ends: Uint16Array.from(ends) };
}

/** Number of frames that end before a step does: each covers 32 ms, one begins every 16 ms. */
function framesBy(step: number): number {
  return Math.floor((STEP_SECONDS * (step + 1) - 2 * HOP_SECONDS) / HOP_SECONDS + 1e-6) + 1;
}

function quantized(mel: Float32Array): Uint16Array {
  return Uint16Array.from(mel, (y) => Math.min(0xffff, Math.round(y * MEL_PARTS)));
}

function checkLength(path: string, frames: number, steps: number): void {
  if (frames > 0 && frames <= 0xffff) return;
  throw new UserError(
    'bad-data',
    `The clip ${path} lasts ${steps * STEP_SECONDS} s, but 0.5 s to 17 minutes are expected; trim it or leave it out.`,
  );
}
