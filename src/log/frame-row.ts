import type Database from 'libsql';
import { ACTIVITIES, type Field, type Fields, FRAME_FIELDS, fieldsOf } from '../frame-fields.ts';
import { type EmotionFrame, type Forecast, STEP_SECONDS, type StreamEvent } from '../types.ts';
import { decodeForecasts, encodeForecasts } from './forecast-blob.ts';

/** Converts emotion frames and stream events to rows of the log, and back without loss. */

interface SqlValues {
  readonly number: number;
  readonly integer: number;
  readonly text: string;
  readonly word: string;
  readonly time: number;
  readonly activity: number;
  readonly constant: string;
  readonly forecasts: Buffer | ArrayBuffer | null;
}

const SQL_TYPES = {
  number: 'REAL',
  integer: 'INTEGER',
  text: 'TEXT',
  word: 'TEXT',
  time: 'INTEGER',
  activity: 'INTEGER',
  constant: 'TEXT',
  forecasts: 'BLOB',
} as const satisfies Record<Field['kind'], string>;

type RowOfTable<T extends Fields> = {
  readonly [K in keyof T as T[K] extends { sql: infer S extends string } ? S : never]:
    | SqlValues[T[K]['kind']]
    | (T[K] extends { nullable: true } ? null : never);
};

/** A row of the table `frames`: a column for each field in frame-fields.ts with `sql`. */
export interface FrameRow extends RowOfTable<typeof FRAME_FIELDS> {
  readonly run: number;
}

const STORED = fieldsOf(FRAME_FIELDS).flatMap(([name, field]) =>
  field.sql === undefined ? [] : [{ name, field, column: field.sql }],
);

export const FRAME_COLUMNS = ['run', ...STORED.map(({ column }) => column)].join(', ');

/** Values in the order of FRAME_COLUMNS. */
export const frameToRow = (run: number, frame: EmotionFrame): unknown[] => [
  run,
  ...STORED.map(({ name, field }) => toSql(field, frame[name])),
];

export function rowToFrame(stream: string, row: FrameRow): EmotionFrame {
  const stored = row as unknown as Record<string, unknown>;
  const all: Record<string, unknown> = { type: 'emotion', stream, seq: 0, t: STEP_SECONDS * (row.seq + 1) };
  for (const { name, field, column } of STORED) all[name] = fromSql(field, stored[column] ?? null);
  return all as unknown as EmotionFrame;
}

function toSql(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'time':
      return Date.parse(value as string);
    case 'activity':
      return (ACTIVITIES as readonly unknown[]).indexOf(value);
    case 'forecasts':
      return encodeForecasts(value as readonly Forecast[]);
    default:
      return value;
  }
}

function fromSql(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'time':
      return new Date(value as number).toISOString();
    case 'activity':
      return ACTIVITIES[value as number] ?? 'silence';
    case 'forecasts':
      return decodeForecasts(value as SqlValues['forecasts']);
    default:
      return value;
  }
}

/** Adds the columns of fields that are newer than the table `frames`. */
export function addLaterColumns(db: Database.Database): void {
  for (const { field, column } of missingColumns(db))
    db.exec(`ALTER TABLE frames ADD COLUMN ${column} ${SQL_TYPES[field.kind]}`);
}

/** Whether the log lacks the column of a newer field, so that its frames cannot be read yet. */
export const lacksColumns = (db: Database.Database): boolean => missingColumns(db).length > 0;

function missingColumns(db: Database.Database) {
  const existing = db.prepare('PRAGMA table_info(frames)').all() as { name: string }[];
  return STORED.filter(({ field, column }) => field.later && !existing.some(({ name }) => name === column));
}

export const EVENT_COLUMNS = 'run, seq, time_ms, t, type, message, code, reason, seconds, data';

export interface EventRow {
  readonly seq: number;
  readonly time_ms: number;
  readonly t: number;
  readonly type: StreamEvent['type'];
  readonly message: string;
  readonly code: string | null;
  readonly reason: Extract<StreamEvent, { type: 'gap' }>['reason'] | null;
  readonly seconds: number | null;
  /** JSON. */
  readonly data: string | null;
}

/** Values in the order of EVENT_COLUMNS. `seq`: number of frames of the run before the event. */
export function eventToRow(run: number, seq: number, event: StreamEvent): unknown[] {
  return [
    run,
    seq,
    Date.parse(event.time),
    event.t,
    event.type,
    event.message,
    codeOf(event),
    event.type === 'gap' ? event.reason : null,
    'seconds' in event ? event.seconds : null,
    dataOf(event),
  ];
}

/** The fields of an event that have no column. */
function dataOf(event: StreamEvent): string | null {
  switch (event.type) {
    case 'track':
      return JSON.stringify({ title: event.title, artist: event.artist });
    case 'track-ended':
      return JSON.stringify({ title: event.title, artist: event.artist, summary: event.summary });
    case 'segment':
      return JSON.stringify({ confidence: event.confidence });
    case 'alert-raised':
    case 'alert-cleared':
      return JSON.stringify({ condition: event.condition, ended: event.ended });
    case 'stream-stopped':
      return dataText({ because: event.because, values: event.values });
    case 'source-lost':
      return dataText({ values: event.values });
    default:
      return null;
  }
}

/** JSON of fields, some of which may be absent; null without any. */
function dataText(fields: object): string | null {
  const text = JSON.stringify(fields);
  return text === '{}' ? null : text;
}

/** The column `code` has the alert's name for alert events, and the error code for a stopped stream or lost source. */
function codeOf(event: StreamEvent): string | null {
  if (event.type === 'alert-raised' || event.type === 'alert-cleared') return event.alert;
  return event.type === 'stream-stopped' || event.type === 'source-lost' ? (event.code ?? null) : null;
}

export function rowToEvent(stream: string, row: EventRow): StreamEvent {
  const base = { stream, t: row.t, time: new Date(row.time_ms).toISOString(), message: row.message };
  if (row.type === 'gap')
    return { type: row.type, ...base, reason: row.reason ?? 'overflow', seconds: row.seconds ?? 0 };
  if (row.type === 'track' || row.type === 'segment')
    return { type: row.type, ...base, ...JSON.parse(row.data ?? '{}') };
  if (row.type === 'track-ended')
    return { type: row.type, ...base, seconds: row.seconds ?? 0, ...JSON.parse(row.data ?? '{}') };
  if (row.type === 'clock-changed') return { type: row.type, ...base, seconds: row.seconds ?? 0 };
  if (row.type === 'alert-raised' || row.type === 'alert-cleared')
    return { type: row.type, ...base, alert: row.code ?? '', ...JSON.parse(row.data ?? '{}') };
  if (row.type === 'stream-stopped' || row.type === 'source-lost') {
    const code = row.code === null ? {} : { code: row.code };
    return { type: row.type, ...base, ...code, ...JSON.parse(row.data ?? '{}') };
  }
  return { type: row.type, ...base };
}
