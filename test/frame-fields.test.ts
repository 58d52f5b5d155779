import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { bucketCsvHeader, csvHeader, csvRow } from '../src/csv.ts';
import {
  BUCKET_FIELDS,
  type Fields,
  FORECAST_FIELDS,
  FRAME_FIELDS,
  fieldsOf,
  rounded,
} from '../src/frame-fields.ts';
import { decodeFrames, encodeBlock } from '../src/log/codec/block.ts';
import { toParquet } from '../src/log/export/to-parquet.ts';
import {
  addLaterColumns,
  FRAME_COLUMNS,
  type FrameRow,
  frameToRow,
  rowToFrame,
} from '../src/log/frame-row.ts';
import type { History } from '../src/log/history.ts';
import { columnsOf, frameOfLine } from '../src/log/import/frame-line.ts';
import { migrate } from '../src/log/migrations.ts';
import { MOODS } from '../src/mood.ts';
import { emotionBucket, emotionFrame, forecast } from '../src/server/streams/schema.ts';
import { type EmotionFrame, FORECAST_HORIZONS } from '../src/types.ts';
import { anyFrame } from './support/any-frame.ts';
import { withTables } from './support/docs-tables.ts';

const names = (table: Fields): string[] => Object.keys(table);
const inForecast = names(FORECAST_FIELDS).filter((name) => name !== 'horizon');
const COLUMNS = [
  ...names(FRAME_FIELDS).filter((name) => name !== 'type' && name !== 'forecast'),
  ...FORECAST_HORIZONS.flatMap((horizon) => inForecast.map((name) => `${name}+${horizon}s`)),
];

describe('each field of the tables is in every output', () => {
  it('CSV and the import', () => {
    expect(csvHeader().split(',')).toEqual(COLUMNS);
    expect(columnsOf(csvHeader())?.map(({ name }) => name)).toEqual(COLUMNS);
    expect(bucketCsvHeader().split(',')).toEqual([...names(BUCKET_FIELDS), ...MOODS]);
  });

  it('Parquet', async () => {
    const [frame] = fc.sample(anyFrame('booth'), { numRuns: 1, seed: 1 });
    const { columns, rows } = await parquetOf([frame!]);
    expect(columns).toEqual(COLUMNS);
    const wanted = COLUMNS.map((column, i) => [column, csvRow(frame!).split(',')[i]]);
    expect(textOf(rows[0]!)).toEqual(Object.fromEntries(wanted));
  });

  it('OpenAPI', () => {
    const fields = (schema: z.ZodType, id: string) =>
      Object.keys(z.toJSONSchema(schema).$defs![id]!.properties!);
    expect(fields(emotionFrame, 'EmotionFrame')).toEqual(names(FRAME_FIELDS));
    expect(fields(forecast, 'Forecast')).toEqual(names(FORECAST_FIELDS));
    expect(fields(emotionBucket, 'EmotionBucket')).toEqual([...names(BUCKET_FIELDS), 'moods']);
    for (const [, field] of [FRAME_FIELDS, FORECAST_FIELDS, BUCKET_FIELDS].flatMap(fieldsOf))
      expect(field.about).toMatch(/\.$/);
  });

  it('the log, except for fields that are stored once per run', () => {
    const stored = fieldsOf(FRAME_FIELDS).flatMap(([, { sql }]) => sql ?? []);
    expect(FRAME_COLUMNS.split(', ')).toEqual(['run', ...stored]);
    expect(names(FRAME_FIELDS).length - stored.length).toBe(['type', 'stream', 't'].length);
    const there = newLog().prepare('PRAGMA table_info(frames)').all() as { name: string }[];
    expect(there.map(({ name }) => name)).toEqual(expect.arrayContaining(['run', ...stored]));
  });

  it('docs/api.md (`npx vitest run test/frame-fields.test.ts -u` writes it)', async () => {
    const page = new URL('../docs/api.md', import.meta.url).pathname;
    const tables = { frame: FRAME_FIELDS, forecast: FORECAST_FIELDS, bucket: BUCKET_FIELDS };
    await expect(withTables(await readFile(page, 'utf8'), tables)).toMatchFileSnapshot(page);
  });
});

describe('any frame survives a round trip', () => {
  const survives = (through: (frame: EmotionFrame) => EmotionFrame) =>
    fc.assert(
      fc.property(anyFrame('booth'), (frame) => {
        expect(through(frame)).toEqual(frame);
      }),
    );

  it('through CSV and the import', () => {
    const columns = columnsOf(csvHeader())!;
    survives((frame) => frameOfLine('booth', columns, csvRow(frame)));
  });

  it('through a row of the log', () => {
    const db = newLog();
    const columns = FRAME_COLUMNS.split(', ');
    const insert = db.prepare(
      `INSERT OR REPLACE INTO frames (${FRAME_COLUMNS}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    const select = db.prepare(`SELECT ${FRAME_COLUMNS} FROM frames WHERE run = 1 AND seq = ?`);
    survives((frame) => {
      insert.run(...frameToRow(1, frame));
      return rowToFrame('booth', select.get(frame.seq) as FrameRow);
    });
  });

  it('through a block of the log', () => {
    survives((frame) => decodeFrames(encodeBlock([frame]), 'booth')[0]!);
  });

  it('through JSON, as the API describes it', () => {
    survives((frame) => emotionFrame.parse(JSON.parse(JSON.stringify(frame))) as EmotionFrame);
  });
});

describe('a number', () => {
  it('is rounded to the decimals of its field, in forecasts too, and never -0', () => {
    const [frame] = fc.sample(
      anyFrame('booth').filter(({ forecast: all }) => all.length > 0),
      { numRuns: 1, seed: 2 },
    );
    const exact = {
      ...frame!,
      t: 0.1 + 0.2,
      valence: 0.123449,
      arousal: -0.00004,
      loudness: -14.2149,
      latencyMs: 4.13579,
      forecast: [{ ...frame!.forecast[0]!, horizon: 0.5, valenceLow: 0.98765 }],
    };
    expect(rounded(FRAME_FIELDS, exact)).toEqual({
      ...exact,
      valence: 0.1234,
      arousal: 0,
      loudness: -14.21,
      latencyMs: 4.14,
      forecast: [{ ...exact.forecast[0]!, valenceLow: 0.9877 }],
    });
  });
});

it('a field that is added later can be missing in what was written before', () => {
  for (const [, field] of fieldsOf(FRAME_FIELDS)) if (field.later) expect(field.nullable).toBe(true);
  const db = newLog();
  addLaterColumns(db); // again: it changes nothing
  expect(columnsOf(csvHeader().replace('valence,', ''))).toBeUndefined();
});

function newLog(): Database.Database {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  migrate(db, ':memory:');
  return db;
}

async function parquetOf(frames: readonly EmotionFrame[]) {
  const history = {
    async *frames() {
      yield frames;
    },
  } as unknown as History;
  const query = { resolution: 'step', forecast: 'yes', format: 'parquet' } as const;
  const parts: Uint8Array[] = [];
  for await (const part of toParquet(history, { stream: 'booth', range: { fromMs: 0, toMs: 8e15 }, query }))
    parts.push(part);
  const bytes = Buffer.concat(parts);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const columns = parquetSchema(parquetMetadata(file)).children.map(({ element }) => element.name);
  return { columns, rows: await parquetReadObjects({ file }) };
}

const textOf = (row: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString() : String(value ?? ''),
    ]),
  );
