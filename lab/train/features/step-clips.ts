import type { FftPlans } from '../../../src/stream/fft.ts';
import { STEP_SECONDS } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { type SpeedPitch, UNCHANGED } from '../augment/speed-pitch.ts';
import { addWhiteNoise, speedPitchClips } from '../augment/step-clips.ts';
import { decodeMono, liveWindows } from './recording.ts';
import { CLIP_SIZE, type StoredClips, storeClip } from './stored.ts';

/** Augmentation of a recording for networks whose input is the clip of a step. */
export interface ClipAugmentation extends SpeedPitch {
  /** Signal-to-noise ratio of added white noise, in dB, relative to the recording's mean power; absent: no noise. */
  readonly noiseSnrDb?: number;
}

/**
 * Extracts the clips of a recording's whole steps: without augmentation on the live path, else from its samples.
 *
 * @param noiseSeed seed of the added noise
 * @throws UserError `bad-audio`, `bad-format`, or `bad-data` if it is shorter than one step
 */
export async function extractStepClips(
  path: string,
  plans: FftPlans,
  augmentation: ClipAugmentation = UNCHANGED,
  noiseSeed = 1,
): Promise<StoredClips> {
  const { speed, pitch, noiseSnrDb } = augmentation;
  const unaugmented = speed === 1 && pitch === 1 && noiseSnrDb === undefined;
  const clips = unaugmented
    ? await liveClips(path, plans)
    : await augmentedClips(path, plans, augmentation, noiseSeed);
  const steps = clips.length / CLIP_SIZE;
  if (steps > 0) return { clips, steps };
  throw new UserError(
    'bad-data',
    `The clip ${path} is shorter than ${STEP_SECONDS} s, the length of a step; leave it out.`,
  );
}

async function liveClips(path: string, plans: FftPlans): Promise<Uint16Array> {
  const steps: Uint16Array[] = [];
  for await (const { clip } of liveWindows(path, plans, 'clip')) {
    const stored = new Uint16Array(CLIP_SIZE);
    storeClip(clip!, stored, 0);
    steps.push(stored);
  }
  const all = new Uint16Array(steps.length * CLIP_SIZE);
  for (const [k, step] of steps.entries()) all.set(step, k * CLIP_SIZE);
  return all;
}

async function augmentedClips(
  path: string,
  plans: FftPlans,
  { speed, pitch, noiseSnrDb }: ClipAugmentation,
  noiseSeed: number,
): Promise<Uint16Array> {
  const { mono, sampleRateHz } = await decodeMono(path);
  if (noiseSnrDb !== undefined) addWhiteNoise(mono, noiseSnrDb, noiseSeed);
  const clips = speedPitchClips(plans, mono, sampleRateHz, { speed, pitch });
  const stored = new Uint16Array(clips.length);
  storeClip(clips, stored, 0);
  return stored;
}
