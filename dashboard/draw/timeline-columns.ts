import { AXES, type Axis } from '../../src/frame-fields.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { firstAfter, type Part, type Steps } from '../state/steps.ts';

/** Columns of the chart's data; x is in seconds since 1970. */
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

/** Fills `columns` with the steps of `parts` and, after the newest, with the forecasts of `frame`. */
export function fillColumns(columns: Columns, parts: readonly Part[], frame: EmotionFrame | null): void {
  let n = 0;
  let before = Number.NaN;
  for (const [part, { steps, from, to }] of parts.entries()) {
    // One step more on either side, so that the line reaches the edge; but none in the place of the next part's steps,
    // which a mean may end after.
    const more = part === parts.length - 1 ? 1 : 0;
    const end = Math.min(steps.length, firstAfter(steps, to) + more);
    for (let i = Math.max(0, firstAfter(steps, from) - 1); i < end; i++) {
      const x = steps.x(i);
      if (x <= before) continue;
      // An empty row breaks the line where steps are missing.
      if (x - before > steps.gapBefore(i)) clearRow(columns, n++, x - steps.gapSeconds / 2);
      before = x;
      clearRow(columns, n, x);
      if (steps.isMusic(i)) writeStep(columns, n, steps, i);
      n++;
    }
  }
  if (frame !== null && frame.valence !== null && n > 0) n = writeForecast(columns, n, frame);
  for (const column of columns) column.length = n;
}

/** Writes the forecasts after row `n` − 1, the newest step, where their lines start. Returns the number of rows. */
function writeForecast(columns: Columns, n: number, frame: EmotionFrame): number {
  const newest = columns[X][n - 1]!;
  for (const axis of AXES) columns[FORECAST + FIRST[axis]]![n - 1] = frame[axis];
  for (const axis of AXES) for (const end of [1, 2]) startFan(columns, n - 1, axis, end);
  for (const forecast of frame.forecast) {
    clearRow(columns, n, newest + forecast.horizon);
    for (const axis of AXES) {
      const at = FORECAST + FIRST[axis];
      columns[at]![n] = forecast[axis];
      columns[at + 1]![n] = forecast[`${axis}High`];
      columns[at + 2]![n] = forecast[`${axis}Low`];
    }
    n++;
  }
  return n;
}

/** The fan opens from the band of the newest step. */
function startFan(columns: Columns, row: number, axis: Axis, end: number): void {
  columns[FORECAST + FIRST[axis] + end]![row] = columns[FIRST[axis] + end]![row]!;
}

function clearRow(columns: Columns, n: number, x: number): void {
  columns[X][n] = x;
  for (let column = 1; column < COLUMNS; column++) columns[column]![n] = null;
}

function writeStep(columns: Columns, n: number, steps: Steps, i: number): void {
  for (const axis of AXES) {
    columns[FIRST[axis]]![n] = steps[axis](i);
    const high = steps[`${axis}High`](i);
    if (Number.isNaN(high)) continue; // A mean may have no interval.
    columns[FIRST[axis] + 1]![n] = high;
    columns[FIRST[axis] + 2]![n] = steps[`${axis}Low`](i);
  }
}

/** The greatest distance from 0 of any value of either axis, without bands. */
export function reachOf(columns: Columns): number {
  let reach = 0;
  for (const column of [VALENCE, AROUSAL, FORECAST + VALENCE, FORECAST + AROUSAL])
    for (const value of columns[column]!) if (value !== null) reach = Math.max(reach, Math.abs(value));
  return reach;
}

/** Keeps the values and bands within ± `limit`: a lane ends there. */
export function clampColumns(columns: Columns, limit: number): void {
  for (let column = 1; column < COLUMNS; column++) {
    const values = columns[column]!;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value !== null) values[i] = Math.max(-limit, Math.min(limit, value));
    }
  }
}
