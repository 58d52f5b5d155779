import { FORECAST_HORIZONS, type ModelState } from '../../../types.ts';

/** Columns of a stream's row: valence, arousal, log sd of both, novelty, changes, h, c. */
export const LOG_SD = 2;
export const NOVELTY = 4;
export const CHANGE = 5;
export const MEMORY: number = CHANGE + 2 * FORECAST_HORIZONS.length;

/** One step of the networks of a model. */
export interface NetworkStep {
  /**
   * @param rows [streams, inputs] from the front end
   * @param memories `h` and `c` of each stream, [members · hidden] each
   * @returns [streams, MEMORY + 2 · members · hidden]
   */
  compute(rows: Float32Array, memories: readonly ModelState[]): Float32Array;
  dispose(): void;
}
