import type { BaselineConfig } from '../../model/kinds/baselines/systems.ts';
import { hearSeedExamples, type SeedExample } from '../../model/seeds/train/examples.ts';
import type { Dataset } from '../../model/train/dataset.ts';
import type { FoldTask } from '../system.ts';

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
