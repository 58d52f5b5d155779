import type { FftPlans } from '../../../src/stream/fft.ts';
import { STEP_SECONDS } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { AS_RECORDED, type Playing } from '../augment/speed-pitch.ts';
import { addWhiteNoise, playedClips } from '../augment/step-clips.ts';
import { liveWindows } from './clip-windows.ts';
import { decodeMono } from './decode-mono.ts';
import { CLIP_SIZE, type StoredClips, storeClip } from './stored.ts';

/** How a recording sounds to a network that hears clips. */
export interface ClipRendering extends Playing {
  /** White noise so far under the recording's mean power, in dB; absent: none. */
  readonly noiseSnrDb?: number;
}

/**
 * The clips of a recording's whole steps: as recorded from the live path, else from its samples.
 *
 * @param noiseSeed the same seed adds the same noise
 * @throws UserError `bad-audio`, `bad-format`, or `bad-data` where it is shorter than one step
 */
export async function hearStepClips(
  path: string,
  plans: FftPlans,
  rendering: ClipRendering = AS_RECORDED,
  noiseSeed = 1,
): Promise<StoredClips> {
  const { speed, pitch, noiseSnrDb } = rendering;
  const asRecorded = speed === 1 && pitch === 1 && noiseSnrDb === undefined;
  const clips = asRecorded ? await live(path, plans) : await rendered(path, plans, rendering, noiseSeed);
  const steps = clips.length / CLIP_SIZE;
  if (steps > 0) return { clips, steps };
  throw new UserError(
    'bad-data',
    `The clip ${path} is shorter than ${STEP_SECONDS} s, one step, which is the least that can be learned from; leave it out.`,
  );
}

async function live(path: string, plans: FftPlans): Promise<Uint16Array> {
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

async function rendered(
  path: string,
  plans: FftPlans,
  { speed, pitch, noiseSnrDb }: ClipRendering,
  noiseSeed: number,
): Promise<Uint16Array> {
  const { mono, sampleRateHz } = await decodeMono(path);
  if (noiseSnrDb !== undefined) addWhiteNoise(mono, noiseSnrDb, noiseSeed);
  const clips = playedClips(plans, mono, sampleRateHz, { speed, pitch });
  const stored = new Uint16Array(clips.length);
  storeClip(clips, stored, 0);
  return stored;
}
