import { createMelFrontEnd } from '../../../src/model/kinds/undertone/front-ends/mel.ts';
import { createMelCache } from '../../train/cache/mel-cache.ts';
import { extractRows } from '../../train/features/feature-rows.ts';
import { storedWindows } from '../../train/features/recording.ts';
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

/**
 * What the front end "mel" makes of the clips' windows, statistics of each band and the strength of pulses:
 * [steps, SUMMARY_LENGTH] for each clip.
 *
 * @returns undefined where the task's signal ended it
 */
export async function clipStatistics(
  { fft, cacheFolder, signal, onProgress }: FoldTask,
  clips: readonly LabelledClip[],
): Promise<Float32Array[] | undefined> {
  const mels = createMelCache(fft, cacheFolder);
  const frontEnd = createMelFrontEnd();
  const all: Float32Array[] = [];
  for (const { clip } of clips) {
    if (signal.aborted) return undefined;
    const windows = storedWindows(await mels.get(clip.path));
    all.push((await extractRows([windows], frontEnd))[0]!);
    onProgress(all.length, clips.length);
  }
  return all;
}
