import type { Dataset } from '../datasets/dataset.ts';
import type { Clip } from '../datasets/song.ts';
import type { AugmentedClip } from '../train/augment/augmentation.ts';
import type { Example } from '../train/example.ts';
import { type ExtractRequest, extractAugmented, extractExamples } from '../train/examples.ts';
import { memberOptions } from '../train/fit-ensemble.ts';
import { TRAINING, type TrainOptions } from '../train/options.ts';
import { cachedSoftTargets } from './soft-target-cache.ts';
import { cutExample, readUnlabeled } from './unlabeled.ts';

/** Unlabeled music is cut into pieces of 10 s, the length of most labeled clips. */
const PIECE_STEPS = 20;

/** Adds soft targets to training examples, and appends the examples of unlabeled music. */
export type AddSoftTargets = (
  examples: readonly Example[],
  signal?: AbortSignal,
) => Promise<readonly Example[]>;

interface DistillationRequest extends Omit<ExtractRequest, 'network'> {
  /** Options of the student. */
  readonly options: TrainOptions;
  /** Options of the teachers; by default those of their front end. */
  readonly teachers?: TrainOptions;
  /** Called for each clip and each unlabeled recording. */
  readonly onClip?: () => void;
}

/**
 * Extracts the features of all clips with the front end of the teachers as well, and those of the unlabeled music with
 * both front ends. The returned function trains new teachers for each set of training examples, so that no teacher is
 * trained on a song that its student is evaluated on. Without a teacher it returns the examples as they are.
 *
 * @param request its `clips` are all that may later be passed to the returned function
 * @throws UserError `bad-data` if a recording or a folder of unlabeled music cannot be read
 */
export async function openDistillation({
  options,
  teachers,
  onClip,
  ...request
}: DistillationRequest): Promise<AddSoftTargets> {
  const { teacher: name, unlabelled: folders } = options;
  if (name === 'none') return async (examples) => examples;
  const teacher = memberOptions({ ...(teachers ?? TRAINING[name]), seed: options.seed }, 0);
  const music = folders.length > 0 ? await readUnlabeled(folders, request.dataset.tagCount) : undefined;
  const teacherRequest = { ...request, network: teacher.network };
  const all = await extractExamples(teacherRequest, onClip);
  const byClip = new Map<Clip, Example>(all.map((example) => [example.clip, example]));
  const byVariant = new Map<AugmentedClip, Example>();
  const teacherPieces = await extractPieces(music, teacherRequest, onClip);
  const studentPieces = await extractPieces(music, { ...request, network: options.network }, onClip);

  return async (examples, signal) => {
    const variants = examples.flatMap((example) => example.variants ?? []);
    const missing = variants.map(({ augmented }) => augmented!).filter((one) => !byVariant.has(one));
    for (const example of await extractAugmented(teacherRequest, missing)) {
      byVariant.set(example.augmented!, example);
    }
    const labeled = examples.map((example) => ({
      ...byClip.get(example.clip)!,
      ...(example.variants && {
        variants: example.variants.map(({ augmented }) => byVariant.get(augmented!)!),
      }),
    }));
    const targets = await cachedSoftTargets(
      { engine: request.engine, teacher, labeled, unlabeled: teacherPieces, ...(signal && { signal }) },
      request.cacheFolder,
    );
    return [
      ...examples.map((example, i) => withSoftTargets(example, targets.labeled[i]!)),
      ...studentPieces.map((example, i) => ({ ...example, softTargets: targets.unlabeled[i]! })),
    ];
  };
}

async function extractPieces(
  music: Dataset | undefined,
  request: ExtractRequest,
  onClip?: () => void,
): Promise<Example[]> {
  if (!music) return [];
  const examples = await extractExamples({ ...request, dataset: music, clips: music.clips }, onClip);
  return examples.flatMap((example) => cutExample(example, PIECE_STEPS));
}

function withSoftTargets(example: Example, [own, ...others]: readonly Float32Array[]): Example {
  const { variants } = example;
  return {
    ...example,
    softTargets: own!,
    ...(variants && {
      variants: variants.map((variant, i) => ({
        ...variant,
        softTargets: whereLabeled(variant, others[i]!),
      })),
    }),
  };
}

/**
 * In a variant with a transition, drops the soft targets of the steps that contain the song before: the teachers may
 * have been trained on that song.
 */
function whereLabeled({ after, labels }: Example, softTargets: Float32Array): Float32Array {
  if (!after) return softTargets;
  return softTargets.map((value, i) => (Number.isNaN(labels[i]!) ? Number.NaN : value));
}
