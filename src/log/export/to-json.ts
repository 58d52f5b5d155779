import type { History } from '../history.ts';
import { type Asked, pagesOf } from './pages.ts';

/** `{"stream":…,"from":…,"to":…,"resolution":…,"frames":[…],"truncated":false}` */
export async function* toJson(history: History, asked: Asked): AsyncGenerator<string> {
  const { stream, range, query } = asked;
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const head = { stream, from: iso(range.fromMs), to: iso(range.toMs), resolution: query.resolution };
  yield `${JSON.stringify(head).slice(0, -1)},"frames":[`;
  let count = 0;
  for await (const page of pagesOf(history, asked)) {
    const part = page.slice(0, limit - count);
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
