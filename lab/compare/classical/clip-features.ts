import { createMelFrontEnd } from '../../../src/model/kinds/undertone/front-ends/mel.ts';
import { createMelCache } from '../../train/cache/mel-cache.ts';
import { extractRows } from '../../train/features/feature-rows.ts';
import { storedWindows } from '../../train/features/recording.ts';
import type { LabeledClip } from '../labeled-clips.ts';
import type { FoldTask } from '../system.ts';
import { openFeatureCache } from './feature-cache.ts';

/**
 * Extracts spectral features of each clip, or reads them from the cache: [steps, STEP_FEATURES.length].
 *
 * @returns undefined when the signal of the task aborted it
 */
export async function clipFeatures(
  { fft, cacheFolder, signal, onProgress }: FoldTask,
  clips: readonly LabeledClip[],
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
 * Extracts the features of the front end "mel" of each clip, statistics of each band and pulse strength:
 * [steps, SUMMARY_LENGTH].
 *
 * @returns undefined when the signal of the task aborted it
 */
export async function clipStatistics(
  { fft, cacheFolder, signal, onProgress }: FoldTask,
  clips: readonly LabeledClip[],
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
