import type { EmotionFrame } from '../../src/types.ts';
import { type StepRing, Z90 } from '../state/step-ring.ts';

/** Columns of the chart's data; x is in seconds before (−) or after (+) the newest step. */
export const X = 0;
export const VALENCE = 1;
export const VALENCE_HIGH = 2;
export const VALENCE_LOW = 3;
export const AROUSAL = 4;
export const AROUSAL_HIGH = 5;
export const AROUSAL_LOW = 6;
/** Offset of the forecast's columns, which follow in the same order. */
export const FORECAST = 6;
const COLUMNS = 13;

type Column = (number | null)[];
export type Columns = [xs: number[], ...ys: Column[]];

/** Plain arrays, because uPlot needs null for "no value". They are refilled for every drawing, never replaced. */
export function createColumns(): Columns {
  return [[], ...Array.from({ length: COLUMNS - 1 }, (): Column => [])];
}

/** Fills `columns` with the last `seconds` of `ring` and the forecasts of `frame`. */
export function fillColumns(
  columns: Columns,
  ring: StepRing,
  frame: EmotionFrame | null,
  seconds: number,
): void {
  let n = 0;
  if (ring.length > 0) {
    const newest = ring.x(ring.length - 1);
    let i = ring.length - 1;
    while (i > 0 && ring.x(i - 1) >= newest - seconds) i--;
    for (let before = Number.NaN; i < ring.length; i++) {
      const x = ring.x(i) - newest;
      if (x - before > ring.gapSeconds) clear(columns, n++, x - ring.gapSeconds / 2);
      before = x;
      clear(columns, n, x);
      if (ring.isMusic(i)) {
        write(columns, n, ring.valence(i), ring.arousal(i), ring.valenceSd(i), ring.arousalSd(i));
      }
      n++;
    }
  }
  if (frame !== null && frame.valence !== null && frame.arousal !== null && n > 0) {
    // The forecast's lines start at the newest step.
    columns[FORECAST + VALENCE]![n - 1] = frame.valence;
    columns[FORECAST + AROUSAL]![n - 1] = frame.arousal;
    for (const forecast of frame.forecast) {
      clear(columns, n, forecast.horizon);
      columns[FORECAST + VALENCE]![n] = forecast.valence;
      columns[FORECAST + VALENCE_HIGH]![n] = forecast.valenceHigh;
      columns[FORECAST + VALENCE_LOW]![n] = forecast.valenceLow;
      columns[FORECAST + AROUSAL]![n] = forecast.arousal;
      columns[FORECAST + AROUSAL_HIGH]![n] = forecast.arousalHigh;
      columns[FORECAST + AROUSAL_LOW]![n] = forecast.arousalLow;
      n++;
    }
  }
  for (const column of columns) column.length = n;
}

function clear(columns: Columns, n: number, x: number): void {
  columns[X][n] = x;
  for (let column = 1; column < COLUMNS; column++) columns[column]![n] = null;
}

function write(
  columns: Columns,
  n: number,
  valence: number,
  arousal: number,
  valenceSd: number,
  arousalSd: number,
): void {
  columns[VALENCE]![n] = valence;
  columns[AROUSAL]![n] = arousal;
  if (Number.isNaN(valenceSd) || Number.isNaN(arousalSd)) return; // A mean has no interval.
  columns[VALENCE_HIGH]![n] = valence + Z90 * valenceSd;
  columns[VALENCE_LOW]![n] = valence - Z90 * valenceSd;
  columns[AROUSAL_HIGH]![n] = arousal + Z90 * arousalSd;
  columns[AROUSAL_LOW]![n] = arousal - Z90 * arousalSd;
}
