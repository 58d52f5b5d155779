import { csvHeader } from '../../../csv.ts';
import { type EmotionFrame, FORECAST_HORIZONS, type Forecast, STEP_SECONDS } from '../../../types.ts';
import { ACTIVITIES } from '../activities.ts';

/** What is wrong with a cell, as the rest of a sentence: `expected …, got "…"`. */
export class CellFault extends Error {
  readonly column: string;

  constructor(column: string, expected: string, got: string) {
    super(`expected ${expected}, got ${got === '' ? 'nothing' : `"${got.slice(0, 60)}"`}`);
    this.column = column;
  }
}

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A line of a CSV of our own (csv.ts) back into the frame it was; every cell is checked. */
export function frameOfLine(stream: string, columns: readonly string[], line: string): EmotionFrame {
  const cells = line.split(',');
  if (cells.length !== columns.length) {
    const name = columns[Math.min(cells.length, columns.length) - 1]!;
    throw new CellFault(name, `${columns.length} cells in the line`, `${cells.length} cells`);
  }
  const row = new Map(columns.map((column, i) => [column, cells[i]!]));
  const text = (column: string) => row.get(column) ?? '';
  const optional = (column: string, least: number, greatest: number, what: string): number | null => {
    const cell = text(column);
    if (cell === '') return null;
    const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
    if (value >= least && value <= greatest) return value;
    throw new CellFault(column, `${what} or nothing`, cell);
  };
  const demanded = (column: string, least: number, greatest: number, what: string): number => {
    const value = text(column) === '' ? null : optional(column, least, greatest, what);
    if (value === null) throw new CellFault(column, what, '');
    return value;
  };
  const axis = (column: string) => optional(column, -1, 1, 'a number from -1 to 1');

  const seq = demanded('seq', 0, 2 ** 31, 'a whole number from 0 up');
  if (!Number.isInteger(seq)) throw new CellFault('seq', 'a whole number from 0 up', text('seq'));
  const t = STEP_SECONDS * (seq + 1);
  if (Number(text('t')) !== t) throw new CellFault('t', `${t}, as seq is ${seq}`, text('t'));
  const activity = ACTIVITIES.find((one) => one === text('activity'));
  if (!activity) throw new CellFault('activity', ACTIVITIES.join(' or '), text('activity'));
  const valence = axis('valence');
  const arousal = axis('arousal');
  if (activity !== 'music' && (valence !== null || arousal !== null)) {
    const column = valence === null ? 'arousal' : 'valence';
    throw new CellFault(column, `nothing, as activity is ${activity}`, text(column));
  }
  if ((valence === null) !== (arousal === null))
    throw new CellFault('arousal', 'valence and arousal both or neither', text('arousal'));
  const mood = text('mood');
  if (!/^[\p{L}-]{0,40}$/u.test(mood)) throw new CellFault('mood', 'a word or nothing', mood);
  return {
    type: 'emotion',
    stream,
    seq,
    t,
    time: isoTime(text('time')),
    valence,
    arousal,
    valenceSd: optional('valenceSd', 0, 100, 'a number from 0 up'),
    arousalSd: optional('arousalSd', 0, 100, 'a number from 0 up'),
    forecast: columns.length === COLUMNS.length ? forecastsOf(text, optional) : [],
    mood: mood === '' ? null : mood,
    loudness: optional('loudness', -1000, 1000, 'a number of LUFS'),
    activity,
    confidence: demanded('confidence', 0, 1, 'a number from 0 to 1'),
    latencyMs: demanded('latencyMs', -1e9, 1e9, 'a number of ms'),
  };
}

/** Of a file with forecasts, and of one without. */
export const COLUMNS = csvHeader(true).split(',');
export const COLUMNS_WITHOUT_FORECAST = csvHeader(false).split(',');

const FORECAST_FIELDS = [
  'valence',
  'arousal',
  'valenceLow',
  'valenceHigh',
  'arousalLow',
  'arousalHigh',
] as const;

function forecastsOf(
  text: (column: string) => string,
  optional: (column: string, least: number, greatest: number, what: string) => number | null,
): Forecast[] {
  return FORECAST_HORIZONS.flatMap((horizon) => {
    const columns = FORECAST_FIELDS.map((field) => `${field}+${horizon}s`);
    const empty = columns.filter((column) => text(column) === '');
    if (empty.length === columns.length) return [];
    if (empty.length > 0)
      throw new CellFault(empty[0]!, 'a number, as the rest of this forecast is there', '');
    const values = columns.map((column) => optional(column, -2, 2, 'a number from -2 to 2')!);
    return [
      { horizon, ...Object.fromEntries(FORECAST_FIELDS.map((field, i) => [field, values[i]])) } as Forecast,
    ];
  });
}

function isoTime(cell: string): string {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(cell) ? Date.parse(cell) : Number.NaN;
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new CellFault('time', 'a time such as 2026-11-20T20:15:03.512Z', cell);
}
