import type { BaselineConfig } from '../../../src/model/kinds/baselines/systems.ts';
import { type BaselineExample, extractBaselineExamples } from '../../baselines/examples.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import type { FoldTask } from '../system.ts';

/** Examples of one system: extraction is expensive, and all folds share them. */
let cached:
  | {
      readonly dataset: Dataset;
      readonly config: BaselineConfig;
      readonly soundVariants: number;
      readonly examples: readonly BaselineExample[];
    }
  | undefined;

/**
 * Examples of all clips. The first fold of a system extracts them and reports them as its progress.
 *
 * @returns undefined when `signal` aborted it
 * @throws UserError `bad-audio`, `bad-format`, `bad-data`
 */
export async function baselineExamples(
  { dataset, fft, cacheFolder, signal, onProgress }: FoldTask,
  config: BaselineConfig,
  soundVariants: number,
): Promise<readonly BaselineExample[] | undefined> {
  if (cached?.dataset === dataset && cached.config === config && cached.soundVariants === soundVariants) {
    return cached.examples;
  }
  cached = undefined; // before extracting, as both together need much memory
  const { clips } = dataset;
  let extracted = 0;
  try {
    const request = { dataset, clips, fft, cacheFolder, config, soundVariants };
    const examples = await extractBaselineExamples(request, () => {
      signal.throwIfAborted();
      onProgress(++extracted, clips.length);
    });
    cached = { dataset, config, soundVariants, examples };
    return examples;
  } catch (fault) {
    if (signal.aborted) return undefined;
    throw fault;
  }
}

/** Frees the cached examples. */
export function releaseBaselineExamples(): void {
  cached = undefined;
}
