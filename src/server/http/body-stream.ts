import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import rangeParser from 'range-parser';
import { Problem } from './problem.ts';

/** Text or bytes as they are made, to a response body: made only as fast as the client reads, ended when it goes. */
export function bodyStream(parts: AsyncIterator<string | Uint8Array>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      await parts.return?.();
    },
  });
}

/** Larger answers are written as they are made, and have no tag. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * An answer that stays the same, as what is past does: it has a tag by which a client asks whether it has
 * changed, and a part of it can be had to go on with a download that broke off. One that is too large to be
 * held is streamed instead.
 */
export async function wholeAnswer(c: Context, made: AsyncIterator<string | Uint8Array>): Promise<Response> {
  const parts: Buffer[] = [];
  let bytes = 0;
  while (bytes <= MOST_BYTES) {
    const { value, done } = await made.next();
    if (done) return tagged(c, Buffer.concat(parts) as Buffer<ArrayBuffer>);
    const part = Buffer.from(value);
    bytes += part.length;
    parts.push(part);
  }
  return c.body(bodyStream(goOn(parts, made)));
}

async function* goOn(
  parts: readonly Buffer[],
  rest: AsyncIterator<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  yield Buffer.concat(parts);
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function tagged(c: Context, body: Buffer<ArrayBuffer>): Response {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  c.header('ETag', tag);
  c.header('Accept-Ranges', 'bytes');
  if (holds(c.req.header('if-none-match'), tag)) return c.body(null, 304);
  const ifRange = c.req.header('if-range');
  const range =
    ifRange === undefined || ifRange === tag ? rangeOf(c.req.header('range'), body.length) : undefined;
  if (range === undefined) return c.body(body);
  if (range === 'none') {
    c.header('Content-Disposition', undefined); // A fault is nothing to save under the file's name.
    throw new Problem(416, 'range', `The answer has ${body.length} bytes: ask for some of these.`, {
      'Content-Range': `bytes */${body.length}`,
    });
  }
  c.header('Content-Range', `bytes ${range.start}-${range.end}/${body.length}`);
  return c.body(body.subarray(range.start, range.end + 1), 206);
}

const holds = (header: string | undefined, tag: string): boolean =>
  header?.split(',').some((one) => ['*', tag].includes(one.trim().replace(/^W\//, ''))) ?? false;

/** One range of bytes; undefined for anything else, which is answered with the whole. */
function rangeOf(header: string | undefined, length: number): rangeParser.Range | 'none' | undefined {
  if (!header?.startsWith('bytes=')) return undefined;
  const ranges = rangeParser(length, header);
  if (ranges === -1) return 'none'; // None of them lies within the answer.
  return ranges === -2 || ranges.length > 1 ? undefined : ranges[0];
}
