import { bucketCsvHeader, bucketCsvRow, csvHeader, csvRow } from '../../csv.ts';
import type { History } from '../history.ts';
import { type Asked, atMost, pagesOf, type Row } from './pages.ts';

/** A header and a frame or bucket a line. */
export async function* toCsv(history: History, asked: Asked): AsyncGenerator<string> {
  const { resolution, forecast, limit = Number.POSITIVE_INFINITY } = asked.query;
  const withForecast = forecast === 'yes';
  const line = (row: Row) => ('seq' in row ? csvRow(row, withForecast) : bucketCsvRow(row));
  yield `${resolution === 'step' ? csvHeader(withForecast) : bucketCsvHeader()}\n`;
  for await (const page of atMost(pagesOf(history, asked), limit))
    if (page.length > 0) yield page.map((row) => `${line(row)}\n`).join('');
}
