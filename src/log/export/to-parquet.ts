import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { bucketColumns, type Column, frameColumns } from '../../csv.ts';
import type { Field } from '../../frame-fields.ts';
import { VERSION } from '../../util/package.ts';
import type { History } from '../history.ts';
import { type ExportRequest, extraOf, limitedPagesOf, type Row } from './pages.ts';

const EXTRA = { kind: 'number', nullable: true } as const;
/** Rows of a row group, which is held in memory. */
const GROUP_ROWS = 7_200;

/** Writes a Parquet file, one row group at a time. */
export async function* toParquet(history: History, request: ExportRequest): AsyncGenerator<Uint8Array> {
  const { resolution, forecast } = request.query;
  const columns = [
    ...(resolution === 'step' ? frameColumns(forecast === 'yes') : bucketColumns()),
    ...(request.extra ?? []).map((number) => ({
      name: number.name,
      field: EXTRA,
      of: (row: Row) => extraOf(row, number),
    })),
  ] as readonly Column<Row>[];
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
  for await (const page of limitedPagesOf(history, request)) {
    group.push(...page);
    if (group.length >= GROUP_ROWS) yield await write();
  }
  yield await write();
  await file.finish();
  yield bytes.drain();
}

/** The columns of CSV with the same names; times are timestamps. */
function sources(columns: readonly Column<Row>[], rows: readonly Row[]): ColumnSource[] {
  return columns.map(({ name, field, of }) => ({
    name,
    type: TYPES[field.kind],
    // All measured numbers are optional in the schema, also those that are never null. `t` is counted, not measured.
    nullable: field.nullable === true || (field.kind === 'number' && name !== 't'),
    data: field.kind === 'time' ? rows.map((row) => new Date(of(row)!)) : rows.map(of),
  }));
}

const TYPES = {
  number: 'DOUBLE',
  integer: 'INT32',
  text: 'STRING',
  word: 'STRING',
  activity: 'STRING',
  constant: 'STRING',
  time: 'TIMESTAMP',
  forecasts: 'JSON',
} as const satisfies Record<Field['kind'], string>;

/** A writer whose content can be taken out; its position in the file continues. */
class DrainedWriter extends ByteWriter {
  drain(): Uint8Array {
    const bytes = this.getBytes().slice();
    this.index = 0;
    return bytes;
  }
}
