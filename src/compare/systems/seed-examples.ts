import type { BaselineConfig } from '../../model/kinds/baselines/systems.ts';
import { hearSeedExamples, type SeedExample } from '../../model/seeds/train/examples.ts';
import type { Dataset } from '../../model/train/dataset.ts';
import type { FoldTask } from '../system.ts';

/** What is dear to hear and the same for all folds of a system. */
let kept:
  | {
      readonly dataset: Dataset;
      readonly config: BaselineConfig;
      readonly soundVariants: number;
      readonly examples: readonly SeedExample[];
    }
  | undefined;

/** All clips, heard in a system's first fold; the progress of hearing counts as its own. Undefined where `signal` ended it. */
export async function hearForSeeds(
  { dataset, fft, cacheFolder, signal, onProgress }: FoldTask,
  config: BaselineConfig,
  soundVariants: number,
): Promise<readonly SeedExample[] | undefined> {
  if (kept?.dataset === dataset && kept.config === config && kept.soundVariants === soundVariants) {
    return kept.examples;
  }
  kept = undefined; // before the next is read: both at once are much
  const { clips } = dataset;
  let heard = 0;
  try {
    const request = { dataset, clips, fft, cacheFolder, config, soundVariants };
    const examples = await hearSeedExamples(request, () => {
      signal.throwIfAborted();
      onProgress(++heard, clips.length);
    });
    kept = { dataset, config, soundVariants, examples };
    return examples;
  } catch (fault) {
    if (signal.aborted) return undefined;
    throw fault;
  }
}

export function releaseSeeds(): void {
  kept = undefined;
}
