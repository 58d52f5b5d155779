import {
  PATCH_FRAMES,
  PATCH_SIZE,
} from '../../../src/model/kinds/undertone/front-ends/patches/dictionary.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import type { Clip } from '../../datasets/song.ts';
import type { MelCache } from '../cache/mel-cache.ts';
import { MEL_PARTS } from '../features/stored.ts';
import type { Random } from '../random.ts';

/**
 * Samples patches uniformly over all frames of the recordings, each place at most once.
 *
 * @returns [at most `count`, PATCH_SIZE]
 */
export async function samplePatches(
  clips: readonly Clip[],
  mels: MelCache,
  count: number,
  random: Random,
  onClip: () => void = () => {},
): Promise<Float32Array> {
  const recordings: Uint16Array[] = [];
  for (const { path } of clips) {
    const { frames } = await mels.get(path);
    recordings.push(frames);
    onClip();
  }
  const places = recordings.map((frames) => Math.max(0, frames.length / MEL_BANDS - PATCH_FRAMES + 1));
  const all = places.reduce((sum, n) => sum + n, 0);
  const chosen = Array.from({ length: all }, (_, i) => i);
  const n = Math.min(count, all);
  const patches = new Float32Array(n * PATCH_SIZE);
  for (let i = 0; i < n; i++) {
    const other = i + random.below(all - i); // the first n of a shuffle
    [chosen[i], chosen[other]] = [chosen[other]!, chosen[i]!];
    let place = chosen[i]!;
    let r = 0;
    while (place >= places[r]!) place -= places[r++]!;
    const from = place * MEL_BANDS;
    for (let j = 0; j < PATCH_SIZE; j++) patches[i * PATCH_SIZE + j] = recordings[r]![from + j]! / MEL_PARTS;
  }
  return patches;
}
