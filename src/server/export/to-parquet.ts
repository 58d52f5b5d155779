import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { VERSION } from '../../version.ts';
import type { History } from '../log/history.ts';
import { type Asked, atMost, pagesOf, type Row } from './pages.ts';
import { bucketColumns, frameColumns, type ParquetColumn } from './parquet-columns.ts';

/** Rows of a row group: what is held in memory at a time. */
const GROUP_ROWS = 7_200;

/** A Parquet file, row group by row group, so that its size does not matter. */
export async function* toParquet(history: History, asked: Asked): AsyncGenerator<Uint8Array> {
  const { resolution, forecast, limit = Number.POSITIVE_INFINITY } = asked.query;
  const columns = (
    resolution === 'step' ? frameColumns(forecast === 'yes') : bucketColumns()
  ) as ParquetColumn<Row>[];
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

function sources(columns: readonly ParquetColumn<Row>[], rows: readonly Row[]): ColumnSource[] {
  return columns.map(({ name, type, nullable, of }) => ({ name, type, nullable, data: rows.map(of) }));
}

/** Gives away what was written, and goes on counting where it is in the file. */
class DrainedWriter extends ByteWriter {
  drain(): Uint8Array {
    const bytes = this.getBytes().slice();
    this.index = 0;
    return bytes;
  }
}
