import type { History } from '../history.ts';
import { type Asked, atMost, pagesOf } from './pages.ts';

/** A frame or bucket a line. */
export async function* toNdjson(history: History, asked: Asked): AsyncGenerator<string> {
  for await (const page of atMost(pagesOf(history, asked), asked.query.limit ?? Number.POSITIVE_INFINITY))
    if (page.length > 0) yield page.map((row) => `${JSON.stringify(row)}\n`).join('');
}
