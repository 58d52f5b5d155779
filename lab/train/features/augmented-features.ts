import type { Engine } from '../../../src/model/engine.ts';
import { type FrontEndName, loadFrontEnd } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import { MODELS_FOLDER } from '../../../src/model/load.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import type { EmotionModel } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import type { Clip } from '../../datasets/song.ts';
import type { AugmentedClip } from '../augment/augmentation.ts';
import { remastered } from '../augment/mastering.ts';
import { UNCHANGED } from '../augment/speed-pitch.ts';
import { applyTransition, type Transition, type TransitionMel } from '../augment/transition.ts';
import { masteringFingerprint } from '../cache/fingerprint.ts';
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
 * Runs a front end over clips as recorded or with another mastering, on the live path, or reads its output from the cache.
 *
 * @throws UserError `bad-config` for clips that are augmented in another way
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
    const code = clips.some(({ mastering }) => mastering) ? await masteringFingerprint() : '';
    for (const clip of clips) sources.push(await rowSourceOf(clip, request, frontEnd.needs, code));
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
  { clip: { path }, speedPitch, mastering, transition }: AugmentedClip,
  { frontEnd, mels, fft }: RowsRequest,
  needs: EmotionModel['needs'],
  masteringCode: string,
): Promise<RowSource> {
  const key = await mels.keyOf(path);
  if (mastering) {
    return {
      key: `${key}/${masteringCode}/${JSON.stringify(mastering)}`,
      open: () => liveWindows(path, fft, needs, (items) => remastered(items, mastering)),
    };
  }
  if (transition || speedPitch !== UNCHANGED) throw noVariants(frontEnd);
  return { key, open: () => liveWindows(path, fft, needs) };
}

function noVariants(frontEnd: FrontEndName): UserError {
  return new UserError(
    'bad-config',
    `The front end "${frontEnd}" extracts features from whole recordings; set the options soundVariants and passages to 0. The option masterings varies its clips.`,
  );
}
