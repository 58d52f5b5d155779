import type { History } from '../history.ts';
import type { Asked } from './pages.ts';
import { toCsv } from './to-csv.ts';
import { toJson } from './to-json.ts';
import { toNdjson } from './to-ndjson.ts';

export interface Format {
  readonly contentType: string;
  /** Written as it is read from the log, so its size does not matter. */
  write(history: History, asked: Asked): AsyncGenerator<string | Uint8Array>;
}

/** What a stretch of the log can be told as. A new one is one file, and one line here. */
export const FORMATS = {
  json: { contentType: 'application/json', write: toJson },
  csv: { contentType: 'text/csv; charset=utf-8', write: toCsv },
  ndjson: { contentType: 'application/x-ndjson', write: toNdjson },
  parquet: {
    contentType: 'application/vnd.apache.parquet',
    async *write(history, asked) {
      // Loaded only where it is asked for.
      const { toParquet } = await import('./to-parquet.ts');
      yield* toParquet(history, asked);
    },
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;
