import { recordingsIn } from '../../src/library/recordings-in.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { NetworkConfig } from '../../src/model/kinds/undertone/network.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { UserError } from '../../src/user-error.ts';
import type { Clip, Dataset } from '../datasets/dataset.ts';
import {
  type AugmentedClip,
  masteringVariants,
  speedPitchVariants,
  transitionVariants,
  unaugmented,
} from './augment/augmentation.ts';
import { createMelCache } from './cache/mel-cache.ts';
import { type Example, exampleOf } from './example.ts';
import { extractClipRows, transitionMel } from './features/augmented-features.ts';
import type { TrainOptions } from './options.ts';

export interface ExtractRequest {
  readonly dataset: Dataset;
  readonly clips: readonly Clip[];
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly network: NetworkConfig;
}

/**
 * Extracts the features of all clips as recorded, or reads them from the cache, and adds their labels.
 *
 * @throws UserError `bad-data` if a clip is shorter than one step
 */
export function extractExamples(request: ExtractRequest, onClip: () => void = () => {}): Promise<Example[]> {
  return extractAugmented(request, request.clips.map(unaugmented), onClip);
}

/** Like `extractExamples`, and each example has the augmented variants that the options ask for. */
export async function extractTrainingExamples(
  request: ExtractRequest,
  options: TrainOptions,
  onClip: () => void = () => {},
): Promise<Example[]> {
  const { clips } = request;
  const { masterings = 0 } = options; // runs that were started by older versions have none
  const each = 1 + options.soundVariants + masterings + options.passages;
  const speech = options.passages > 0 ? await recordingsIn(options.speech) : [];
  const augmented = clips.flatMap((clip) => [
    unaugmented(clip),
    ...speedPitchVariants(clip, options),
    ...masteringVariants(clip, masterings),
    ...transitionVariants(clip, clips, speech, options),
  ]);
  let extracted = 0;
  const all = await extractAugmented(request, augmented, () => {
    if (++extracted % each === 0) onClip();
  });
  if (each === 1) return all;
  return clips.map((_, i) => {
    const [plain, ...variants] = all.slice(i * each, (i + 1) * each);
    return { ...plain!, variants: variants.filter(({ steps }) => steps > 0) };
  });
}

/** Extracts the features of augmented clips, or reads them from the cache, and adds their labels. */
export async function extractAugmented(
  { dataset, engine, fft, cacheFolder, network }: ExtractRequest,
  clips: readonly AugmentedClip[],
  onClip: () => void = () => {},
): Promise<Example[]> {
  const mels = createMelCache(fft, cacheFolder);
  const { frontEnd } = network;
  const examples: Example[] = [];
  if (frontEnd !== 'mel') {
    const all = await extractClipRows(clips, { frontEnd, engine, fft, cacheFolder, mels }, onClip);
    for (const [i, augmented] of clips.entries()) {
      const rows = all[i]!;
      // A clip that just has a step as recorded may have none when it is played faster.
      if (rows.length === 0 && !augmented.mastering) throw tooShort(augmented.clip.path);
      examples.push(exampleOf(dataset, augmented, rows.length / network.inputs, { rows }));
    }
    return examples;
  }
  for (const augmented of clips) {
    const { clip, speedPitch, transition } = augmented;
    const joined = transition && (await transitionMel(mels, clip, transition));
    const mel = joined?.mel ?? (await mels.get(clip.path, speedPitch));
    examples.push(exampleOf(dataset, augmented, mel.ends.length, { mel }, joined));
    onClip();
  }
  return examples;
}

function tooShort(path: string): UserError {
  return new UserError(
    'bad-data',
    `The clip ${path} is shorter than 0.5 s, the length of a step; replace it or leave it out.`,
  );
}
