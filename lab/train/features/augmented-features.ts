import { createHash } from 'node:crypto';
import type { Engine } from '../../../src/model/engine.ts';
import { type FrontEndName, loadFrontEnd } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import { MODELS_FOLDER } from '../../../src/model/load.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import type { EmotionModel } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import type { Clip } from '../../datasets/song.ts';
import type { AugmentedClip } from '../augment/augmentation.ts';
import { applyTransition, type Transition, type TransitionMel } from '../augment/transition.ts';
import type { MelCache } from '../cache/mel-cache.ts';
import { cachedRows, type RowSource } from '../cache/row-cache.ts';
import { liveWindows, storedWindows } from './recording.ts';

interface RowsRequest {
  readonly frontEnd: FrontEndName;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly mels: MelCache;
}

/**
 * Runs a front end over augmented clips, or reads its output from the cache. Clips without augmentation go through the
 * live path.
 *
 * @throws UserError `bad-config` for augmented clips if the front end needs more than mel frames
 * @returns [steps, inputs] for each clip
 */
export async function extractAugmentedRows(
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
  { clip, speedPitch, drawSpectral, transition }: AugmentedClip,
  { frontEnd, mels, fft }: RowsRequest,
  needs: EmotionModel['needs'],
): Promise<RowSource> {
  const { path } = clip;
  if (needs && (transition || drawSpectral)) throw onlyAsRecorded(frontEnd);
  if (transition) {
    return {
      key: await transitionKey(mels, clip, transition),
      async *open() {
        yield* storedWindows((await transitionMel(mels, clip, transition)).mel);
      },
    };
  }
  if (!drawSpectral) return { key: await mels.keyOf(path), open: () => liveWindows(path, fft, needs) };
  const { frames } = await mels.get(path, speedPitch);
  const spectral = drawSpectral(frames.length / MEL_BANDS);
  const hash = createHash('sha256')
    .update(await mels.keyOf(path, speedPitch))
    .update(JSON.stringify(spectral));
  return {
    key: hash.digest('hex'),
    async *open() {
      yield* storedWindows(await mels.get(path, speedPitch), spectral);
    },
  };
}

function onlyAsRecorded(frontEnd: FrontEndName): UserError {
  return new UserError(
    'bad-config',
    `The front end "${frontEnd}" extracts features from clips as recorded only; set the options soundVariants and passages to 0.`,
  );
}

/** A hash of everything that the mel frames of a transition depend on. */
async function transitionKey(mels: MelCache, clip: Clip, transition: Transition): Promise<string> {
  const { before, kind, steps, gainDb, talk } = transition;
  const hash = createHash('sha256').update(await mels.keyOf(clip.path));
  hash.update(await mels.keyOf(before.path)).update(JSON.stringify([kind, steps, gainDb]));
  if (talk) hash.update(`${await mels.keyOf(talk.path)}/${talk.from}`);
  return hash.digest('hex');
}
