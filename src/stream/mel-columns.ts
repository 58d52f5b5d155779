import type { StepWindow } from '../types.ts';
import { MEL_BANDS } from './mel.ts';
import { hzToMel, melToHz } from './mel-bands.ts';

/** Columns per step of 500 ms: one each 0.1 s. */
export const MEL_COLUMNS = 5;
/** The value of a mel frame that is drawn at full strength; music rarely exceeds it. */
const TOP = 6;

/** Receives the columns of each step, [MEL_COLUMNS, MEL_BANDS] in an array of their own; undefined: nobody wants them. */
export type MelListener = ((columns: Uint8Array) => void) | undefined;

/**
 * The new mel frames of a step as a screen shows them: the mean of each 0.1 s, from 0 (silence) to 255.
 *
 * @returns [MEL_COLUMNS, MEL_BANDS] oldest first, lowest band first
 */
export function melColumns({ mel, newFrames }: Pick<StepWindow, 'mel' | 'newFrames'>): Uint8Array {
  const columns = new Uint8Array(MEL_COLUMNS * MEL_BANDS);
  const start = mel.length - newFrames * MEL_BANDS;
  for (let c = 0; c < MEL_COLUMNS; c++) {
    const from = Math.floor((c * newFrames) / MEL_COLUMNS);
    const to = Math.max(from + 1, Math.floor(((c + 1) * newFrames) / MEL_COLUMNS));
    for (let b = 0; b < MEL_BANDS; b++) {
      let sum = 0;
      for (let f = from; f < to; f++) sum += mel[start + f * MEL_BANDS + b] ?? 0;
      columns[c * MEL_BANDS + b] = Math.round(Math.min(1, sum / (to - from) / TOP) * 255);
    }
  }
  return columns;
}

/** The middle of each band in Hz, lowest first. */
export function melCentersHz(): number[] {
  const step = hzToMel(8000) / (MEL_BANDS + 1);
  return Array.from({ length: MEL_BANDS }, (_, band) => Math.round(melToHz((band + 1) * step)));
}
