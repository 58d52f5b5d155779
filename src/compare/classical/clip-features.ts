import type { LabelledClip } from '../labelled-clips.ts';
import type { FoldTask } from '../system.ts';
import { openFeatureCache } from './feature-cache.ts';

/**
 * Features of the clips' steps: [steps, STEP_FEATURES.length] for each. From the cache where they were heard before.
 *
 * @returns undefined where the task's signal ended it
 */
export async function clipFeatures(
  { fft, cacheFolder, signal, onProgress }: FoldTask,
  clips: readonly LabelledClip[],
): Promise<Float32Array[] | undefined> {
  const cache = openFeatureCache(fft, cacheFolder);
  const all: Float32Array[] = [];
  for (const { clip } of clips) {
    if (signal.aborted) return undefined;
    all.push(await cache.get(clip.path));
    onProgress(all.length, clips.length);
  }
  return all;
}
