import { type Column, frameColumns } from '../../csv.ts';
import { ACTIVITIES, AXES, FORECAST_FIELDS, type NumberField, namesOf } from '../../frame-fields.ts';
import { type EmotionFrame, FORECAST_HORIZONS, type Forecast, STEP_SECONDS } from '../../types.ts';

/** An invalid cell. The message is a clause: `expected …, got "…"`. */
export class CellError extends Error {
  readonly column: string;

  constructor(column: string, expected: string, got: string) {
    super(`expected ${expected}, got ${got === '' ? 'nothing' : `"${got.slice(0, 60)}"`}`);
    this.column = column;
  }
}

type FrameColumn = Column<EmotionFrame>;

/**
 * The columns of a CSV file that undertone wrote, with or without forecasts; undefined for any other header. Columns of
 * fields that were added later may be missing.
 */
export function columnsOf(header: string): readonly FrameColumn[] | undefined {
  const names = new Set(header.split(','));
  return [frameColumns(true), frameColumns(false)]
    .map((columns) => columns.filter(({ name, field }) => names.has(name) || !field.later))
    .find((columns) => columns.map(({ name }) => name).join(',') === header);
}

/**
 * Parses a line of such a CSV file (csv.ts) and checks every cell.
 *
 * @throws CellError
 */
export function frameOfLine(stream: string, columns: readonly FrameColumn[], line: string): EmotionFrame {
  const cells = line.split(',');
  if (cells.length !== columns.length) {
    const { name } = columns[Math.min(cells.length, columns.length) - 1]!;
    throw new CellError(name, `${columns.length} cells in the line`, `${cells.length} cells`);
  }
  const values: Record<string, unknown> = {};
  for (const [i, column] of columns.entries()) values[column.name] = valueOfCell(column, cells[i]!);
  const frame: Record<string, unknown> = { type: 'emotion' };
  for (const { name } of frameColumns(false)) frame[name] = values[name] ?? null;
  const whole = { ...frame, stream, forecast: forecastsOf(values) } as unknown as EmotionFrame;
  checkConsistency(whole);
  return whole;
}

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER: NumberField = { kind: 'number', min: 0, max: 2 ** 31, about: '' };

function valueOfCell({ name, field }: FrameColumn, cell: string): string | number | null {
  if (cell === '' && field.nullable) return null;
  const orNothing = field.nullable ? ' or nothing' : '';
  switch (field.kind) {
    case 'number':
      return numberOf(name, cell, field, `${expected(field)}${orNothing}`);
    case 'integer': {
      const what = `a whole number from 0 up${orNothing}`;
      const value = numberOf(name, cell, INTEGER, what);
      if (!Number.isInteger(value)) throw new CellError(name, what, cell);
      return value;
    }
    case 'time':
      return isoTime(name, cell);
    case 'activity':
      if ((ACTIVITIES as readonly string[]).includes(cell)) return cell;
      throw new CellError(name, ACTIVITIES.join(' or '), cell);
    case 'word':
      if (/^[\p{L}-]{1,40}$/u.test(cell)) return cell;
      throw new CellError(name, `a word${orNothing}`, cell);
    default:
      return cell;
  }
}

function numberOf(name: string, cell: string, { min = -1e12, max = 1e12 }: NumberField, what: string) {
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new CellError(name, what, cell);
}

function expected({ unit, min, max }: NumberField): string {
  if (unit || min === undefined) return unit ? `a number of ${unit}` : 'a number';
  return `a number from ${min} ${max === undefined ? 'up' : `to ${max}`}`;
}

function isoTime(name: string, cell: string): string {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(cell) ? Date.parse(cell) : Number.NaN;
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new CellError(name, 'a time such as 2026-11-20T20:15:03.512Z', cell);
}

const IN_FORECAST = namesOf(FORECAST_FIELDS, 'number').filter((field) => field !== 'horizon');

/** Leaves out horizons without values; an incomplete forecast is an error. */
function forecastsOf(values: Readonly<Record<string, unknown>>): Forecast[] {
  return FORECAST_HORIZONS.flatMap((horizon) => {
    const of = (field: string) => values[`${field}+${horizon}s`] ?? null;
    const missing = IN_FORECAST.filter((field) => of(field) === null);
    if (missing.length === IN_FORECAST.length) return [];
    if (missing.length > 0) {
      const what = 'a number, because the other values of this forecast are present';
      throw new CellError(`${missing[0]}+${horizon}s`, what, '');
    }
    return [
      {
        horizon,
        ...Object.fromEntries(IN_FORECAST.map((field) => [field, of(field)])),
      } as unknown as Forecast,
    ];
  });
}

/** Checks the rules between cells. */
function checkConsistency({ seq, t, activity, ...frame }: EmotionFrame): void {
  const wanted = STEP_SECONDS * (seq + 1);
  if (t !== wanted) throw new CellError('t', `${wanted}, as seq is ${seq}`, String(t));
  const known = AXES.filter((axis) => frame[axis] !== null);
  if (activity !== 'music' && known.length > 0)
    throw new CellError(known[0]!, `nothing, as activity is ${activity}`, String(frame[known[0]!]));
  if (known.length === 1) {
    const column = AXES.at(-1)!;
    throw new CellError(column, 'both valence and arousal, or neither', String(frame[column] ?? ''));
  }
}
