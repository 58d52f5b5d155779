import { AXES, Z90 } from '../../src/frame-fields.ts';
import type { EmotionFrame } from '../../src/types.ts';
import type { StepRing } from '../state/step-ring.ts';

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
/** First column of each axis; the ends of its interval follow. */
const FIRST = { valence: VALENCE, arousal: AROUSAL } as const;

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
      // An empty row breaks the line where steps are missing.
      if (x - before > ring.gapSeconds) clearRow(columns, n++, x - ring.gapSeconds / 2);
      before = x;
      clearRow(columns, n, x);
      if (ring.isMusic(i)) writeStep(columns, n, ring, i);
      n++;
    }
  }
  if (frame !== null && frame.valence !== null && n > 0) {
    // The forecast's lines start at the newest step.
    for (const axis of AXES) columns[FORECAST + FIRST[axis]]![n - 1] = frame[axis];
    for (const forecast of frame.forecast) {
      clearRow(columns, n, forecast.horizon);
      for (const axis of AXES) {
        const at = FORECAST + FIRST[axis];
        columns[at]![n] = forecast[axis];
        columns[at + 1]![n] = forecast[`${axis}High`];
        columns[at + 2]![n] = forecast[`${axis}Low`];
      }
      n++;
    }
  }
  for (const column of columns) column.length = n;
}

function clearRow(columns: Columns, n: number, x: number): void {
  columns[X][n] = x;
  for (let column = 1; column < COLUMNS; column++) columns[column]![n] = null;
}

function writeStep(columns: Columns, n: number, ring: StepRing, i: number): void {
  for (const axis of AXES) {
    const value = ring[axis](i);
    const sd = ring[`${axis}Sd`](i);
    columns[FIRST[axis]]![n] = value;
    if (Number.isNaN(sd)) continue; // A mean has no interval.
    columns[FIRST[axis] + 1]![n] = value + Z90 * sd;
    columns[FIRST[axis] + 2]![n] = value - Z90 * sd;
  }
}
