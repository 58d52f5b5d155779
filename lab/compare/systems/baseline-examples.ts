import type { BaselineConfig } from '../../../src/model/kinds/baselines/systems.ts';
import { hearSeedExamples, type SeedExample } from '../../baselines/examples.ts';
import type { SeedPredicted } from '../../baselines/predict.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import type { FoldAnswer, FoldTask, Scheme } from '../system.ts';

/** What is expensive to extract and the same for all folds of a system. */
let kept:
  | {
      readonly dataset: Dataset;
      readonly config: BaselineConfig;
      readonly soundVariants: number;
      readonly examples: readonly SeedExample[];
    }
  | undefined;

/** All clips, extracted in a system's first fold, whose progress counts them. Undefined where `signal` aborted it. */
export async function baselineExamples(
  { dataset, fft, cacheFolder, signal, onProgress }: FoldTask,
  config: BaselineConfig,
  soundVariants: number,
): Promise<readonly SeedExample[] | undefined> {
  if (kept?.dataset === dataset && kept.config === config && kept.soundVariants === soundVariants) {
    return kept.examples;
  }
  kept = undefined; // before the next is read: both at once are much
  const { clips } = dataset;
  let extracted = 0;
  try {
    const request = { dataset, clips, fft, cacheFolder, config, soundVariants };
    const examples = await hearSeedExamples(request, () => {
      signal.throwIfAborted();
      onProgress(++extracted, clips.length);
    });
    kept = { dataset, config, soundVariants, examples };
    return examples;
  } catch (fault) {
    if (signal.aborted) return undefined;
    throw fault;
  }
}

export function releaseBaselineExamples(): void {
  kept = undefined;
}

/** Where the logits of each scheme begin. */
const LOGITS: Readonly<Record<Scheme, number>> = { quadrants: 0, words: 4 };
const CLASSES = 4;

/** How likely each class is at the labelled steps, as a network that says classes has it; nothing of others. */
export function baselineClasses(said: readonly SeedPredicted[]): Pick<FoldAnswer, 'classes'> {
  if (!said.every(({ classes }) => classes)) return {};
  const chances = (scheme: Scheme): Float32Array =>
    Float32Array.from(
      said.flatMap((clip) => [...labelledSteps(clip)].flatMap((at) => softmax(clip, at, scheme))),
    );
  return { classes: { quadrants: chances('quadrants'), words: chances('words') } };
}

function* labelledSteps({ sequence: { steps, labels } }: SeedPredicted): Generator<number> {
  for (let step = 0; step < steps; step++) if (!Number.isNaN(labels[2 * step]!)) yield step;
}

function softmax({ classes }: SeedPredicted, step: number, scheme: Scheme): number[] {
  const from = 2 * CLASSES * step + LOGITS[scheme];
  const logits = [...classes!.subarray(from, from + CLASSES)];
  const most = Math.max(...logits);
  const shares = logits.map((logit) => Math.exp(logit - most));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
