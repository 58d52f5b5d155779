import type { Engine } from '../../../src/model/engine.ts';
import { type FrontEndName, loadFrontEnd } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import { MODELS_FOLDER } from '../../../src/model/load.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import type { EmotionModel } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import type { Clip } from '../../datasets/song.ts';
import type { AugmentedClip } from '../augment/augmentation.ts';
import { UNCHANGED } from '../augment/speed-pitch.ts';
import { applyTransition, type Transition, type TransitionMel } from '../augment/transition.ts';
import type { MelCache } from '../cache/mel-cache.ts';
import { cachedRows, type RowSource } from '../cache/row-cache.ts';
import { liveWindows } from './recording.ts';

interface RowsRequest {
  readonly frontEnd: FrontEndName;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly mels: MelCache;
}

/**
 * Runs a front end over clips as recorded, on the live path, or reads its output from the cache.
 *
 * @throws UserError `bad-config` for augmented clips
 * @returns [steps, inputs] for each clip
 */
export async function extractClipRows(
  clips: readonly AugmentedClip[],
  request: RowsRequest,
  onClip: () => void,
): Promise<Float32Array[]> {
  const { engine, fft: plans, cacheFolder } = request;
  const frontEnd = await loadFrontEnd(request.frontEnd, engine, MODELS_FOLDER);
  try {
    const sources: RowSource[] = [];
    for (const clip of clips) sources.push(await rowSourceOf(clip, request, frontEnd.needs));
    return await cachedRows(sources, { frontEnd, plans, cacheFolder }, onClip);
  } finally {
    frontEnd.dispose();
  }
}

/** The mel frames of a clip after another song. @throws UserError if a recording cannot be read */
export async function transitionMel(
  mels: MelCache,
  clip: Clip,
  transition: Transition,
): Promise<TransitionMel> {
  const { before, talk } = transition;
  return applyTransition(
    transition,
    await mels.get(before.path),
    await mels.get(clip.path),
    talk && { mel: await mels.get(talk.path), from: talk.from },
  );
}

async function rowSourceOf(
  { clip: { path }, speedPitch, transition }: AugmentedClip,
  { frontEnd, mels, fft }: RowsRequest,
  needs: EmotionModel['needs'],
): Promise<RowSource> {
  if (transition || speedPitch !== UNCHANGED) throw onlyAsRecorded(frontEnd);
  return { key: await mels.keyOf(path), open: () => liveWindows(path, fft, needs) };
}

function onlyAsRecorded(frontEnd: FrontEndName): UserError {
  return new UserError(
    'bad-config',
    `The front end "${frontEnd}" extracts features from clips as recorded only; set the options soundVariants and passages to 0.`,
  );
}
