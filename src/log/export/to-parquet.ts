import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { bucketColumns, type Column, frameColumns } from '../../csv.ts';
import type { Field } from '../../frame-fields.ts';
import { VERSION } from '../../util/package.ts';
import type { History } from '../history.ts';
import { type Asked, atMost, pagesOf, type Row } from './pages.ts';

/** Rows of a row group: what is held in memory at a time. */
const GROUP_ROWS = 7_200;

/** A Parquet file, row group by row group, so that its size does not matter. */
export async function* toParquet(history: History, asked: Asked): AsyncGenerator<Uint8Array> {
  const { resolution, forecast, limit = Number.POSITIVE_INFINITY } = asked.query;
  const columns = (
    resolution === 'step' ? frameColumns(forecast === 'yes') : bucketColumns()
  ) as readonly Column<Row>[];
  const bytes = new DrainedWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: sources(columns, []) }),
    createdBy: `undertone version ${VERSION}`,
  });
  let group: Row[] = [];
  const write = async () => {
    if (group.length > 0) await file.write({ columnData: sources(columns, group), rowGroupSize: GROUP_ROWS });
    group = [];
    return bytes.drain();
  };
  for await (const page of atMost(pagesOf(history, asked), limit)) {
    group.push(...page);
    if (group.length >= GROUP_ROWS) yield await write();
  }
  yield await write();
  await file.finish();
  yield bytes.drain();
}

/** Columns as in CSV, under the same names; times are timestamps. */
function sources(columns: readonly Column<Row>[], rows: readonly Row[]): ColumnSource[] {
  return columns.map(({ name, field, of }) => ({
    name,
    type: TYPES[field.kind],
    // What is measured is optional throughout, also where it is never null; `t` is counted.
    nullable: field.nullable === true || (field.kind === 'number' && name !== 't'),
    data: field.kind === 'time' ? rows.map((row) => new Date(of(row)!)) : rows.map(of),
  }));
}

const TYPES = {
  number: 'DOUBLE',
  whole: 'INT32',
  text: 'STRING',
  word: 'STRING',
  activity: 'STRING',
  constant: 'STRING',
  time: 'TIMESTAMP',
  forecasts: 'JSON',
} as const satisfies Record<Field['kind'], string>;

/** Gives away what was written, and goes on counting where it is in the file. */
class DrainedWriter extends ByteWriter {
  drain(): Uint8Array {
    const bytes = this.getBytes().slice();
    this.index = 0;
    return bytes;
  }
}
