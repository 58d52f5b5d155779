import { bucketCsvHeader, bucketCsvRow, csvHeader, csvRow } from '../../csv.ts';
import type { History } from '../history.ts';
import { type ExportRequest, extraOf, limitedPagesOf, pagesOf, type Row } from './pages.ts';

export interface Format {
  readonly contentType: string;
  /** Writes the output while it reads the log, so memory use does not depend on its size. */
  write(history: History, request: ExportRequest): AsyncGenerator<string | Uint8Array>;
}

/** The formats in which the log can be exported. */
export const FORMATS = {
  json: { contentType: 'application/json', write: toJson },
  csv: { contentType: 'text/csv; charset=utf-8', write: toCsv },
  ndjson: { contentType: 'application/x-ndjson', write: toNdjson },
  parquet: {
    contentType: 'application/vnd.apache.parquet',
    async *write(history, request) {
      // Loaded only when it is used.
      const { toParquet } = await import('./to-parquet.ts');
      yield* toParquet(history, request);
    },
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

/** `{"stream":…,"from":…,"to":…,"resolution":…,"frames":[…],"truncated":false}` */
export async function* toJson(history: History, request: ExportRequest): AsyncGenerator<string> {
  const { stream, range, query } = request;
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const head = { stream, from: iso(range.fromMs), to: iso(range.toMs), resolution: query.resolution };
  yield `${JSON.stringify(head).slice(0, -1)},"frames":[`;
  let count = 0;
  for await (const page of pagesOf(history, request)) {
    const part = page.slice(0, limit - count);
    request.onRows?.(part.length);
    if (part.length > 0)
      yield `${count > 0 ? ',\n' : '\n'}${part.map((row) => JSON.stringify(row)).join(',\n')}`;
    count += part.length;
    if (part.length < page.length) {
      yield '\n],"truncated":true}\n';
      return;
    }
  }
  yield '\n],"truncated":false}\n';
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** A header, then one line for each frame or bucket. */
async function* toCsv(history: History, request: ExportRequest): AsyncGenerator<string> {
  const { resolution, forecast } = request.query;
  const { extra = [] } = request;
  const withForecast = forecast === 'yes';
  const own = (row: Row) => ('seq' in row ? csvRow(row, withForecast) : bucketCsvRow(row));
  const line = (row: Row) => [own(row), ...extra.map((number) => extraOf(row, number) ?? '')].join(',');
  const header = resolution === 'step' ? csvHeader(withForecast) : bucketCsvHeader();
  yield `${[header, ...extra.map(({ name }) => name)].join(',')}\n`;
  for await (const page of limitedPagesOf(history, request))
    yield page.map((row) => `${line(row)}\n`).join('');
}

/** One line for each frame or bucket. */
async function* toNdjson(history: History, request: ExportRequest): AsyncGenerator<string> {
  for await (const page of limitedPagesOf(history, request))
    yield page.map((row) => `${JSON.stringify(row)}\n`).join('');
}
