import { createMelFrontEnd } from '../../model/kinds/undertone/front-ends/mel.ts';
import { PLAIN } from '../../model/train/augment/colour.ts';
import { createMelCache } from '../../model/train/cache/mel-cache.ts';
import { colouredWindows } from '../../model/train/clip-windows.ts';
import { hearRows } from '../../model/train/front-rows.ts';
import type { LabelledClip } from '../labelled-clips.ts';
import type { FoldTask } from '../system.ts';

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
    const windows = colouredWindows(await mels.get(clip.path), PLAIN);
    all.push((await hearRows([windows], frontEnd))[0]!);
    onProgress(all.length, clips.length);
  }
  return all;
}
