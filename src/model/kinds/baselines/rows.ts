import { CLIP_BANDS, CLIP_FRAMES } from '../../../stream/clip-mel.ts';
import { CLIP_LENGTH } from './shapes.ts';
import type { SeedConfig } from './systems.ts';

/** What a network is given of a clip. */
export interface RowMaker {
  /** Numbers of a row. */
  readonly length: number;
  /** Writes the row of a clip, [CLIP_FRAMES, CLIP_BANDS], to `out` from `at` on. */
  write(clip: Float32Array, out: Float32Array, at: number): void;
}

export function rowMaker({ architecture }: SeedConfig): RowMaker {
  switch (architecture) {
    case 'clip-lstm':
      return { length: CLIP_LENGTH, write: writeZScored };
    case 'statistics-lstm':
      return { length: 2 * CLIP_BANDS, write: writeStatistics };
    case 'transformer':
    case 'cnn':
      return { length: CLIP_LENGTH, write: (clip, out, at) => out.set(clip, at) };
  }
}

/** Under this spread a clip is taken for silent, and its row is 0. */
const SMALLEST_SPREAD = 1e-6;

/** The clip less its mean over its standard deviation, over all frames and bands: how loud it was is lost. */
function writeZScored(clip: Float32Array, out: Float32Array, at: number): void {
  let [sum, squares] = [0, 0];
  for (const x of clip) sum += x;
  const mean = sum / clip.length;
  for (const x of clip) squares += (x - mean) ** 2;
  const sd = Math.sqrt(squares / clip.length);
  const scale = sd > SMALLEST_SPREAD ? 1 / sd : 0;
  for (let i = 0; i < clip.length; i++) out[at + i] = (clip[i]! - mean) * scale;
}

/** Mean of each band over the frames, then standard deviation of each. */
function writeStatistics(clip: Float32Array, out: Float32Array, at: number): void {
  for (let band = 0; band < CLIP_BANDS; band++) {
    let [sum, squares] = [0, 0];
    for (let i = band; i < clip.length; i += CLIP_BANDS) sum += clip[i]!;
    const mean = sum / CLIP_FRAMES;
    for (let i = band; i < clip.length; i += CLIP_BANDS) squares += (clip[i]! - mean) ** 2;
    out[at + band] = mean;
    out[at + CLIP_BANDS + band] = Math.sqrt(squares / CLIP_FRAMES);
  }
}
