import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import rangeParser from 'range-parser';
import { Problem } from './problem.ts';

/** Text or bytes that a response body is made of. */
type Parts = AsyncIterator<string | Uint8Array>;

/** A response body that reads `parts` as fast as the client reads it, and ends them when the client leaves. */
export function bodyStream(parts: Parts): ReadableStream<Uint8Array> {
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

/** Largest body that is held in memory to be tagged. */
const MAX_TAGGED_BYTES = 4 * 1024 * 1024;

/**
 * Answers with a body that will not change, such as a finished range of the log. The response has an ETag, and
 * supports `If-None-Match`, `Range` and `If-Range`. A body over 4 MB is streamed without them.
 *
 * @throws Problem `range` (416)
 */
export async function taggedBody(c: Context, parts: Parts): Promise<Response> {
  const read: Buffer[] = [];
  let bytes = 0;
  while (bytes <= MAX_TAGGED_BYTES) {
    const { value, done } = await parts.next();
    if (done) return tagged(c, Buffer.concat(read) as Buffer<ArrayBuffer>);
    const part = Buffer.from(value);
    bytes += part.length;
    read.push(part);
  }
  return c.body(bodyStream(concat(Buffer.concat(read), parts)));
}

async function* concat(first: Uint8Array, rest: Parts): AsyncGenerator<string | Uint8Array> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function tagged(c: Context, body: Buffer<ArrayBuffer>): Response {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  c.header('ETag', tag);
  c.header('Accept-Ranges', 'bytes');
  if (includesTag(c.req.header('if-none-match'), tag)) return c.body(null, 304);
  const ifRange = c.req.header('if-range');
  const isCurrent = ifRange === undefined || ifRange === tag;
  const range = isCurrent ? requestedRange(c.req.header('range'), body.length) : undefined;
  if (range === undefined) return c.body(body);
  if (range === 'unsatisfiable') {
    c.header('Content-Disposition', undefined); // The error must not be saved as the file.
    const message = `The range is outside the response, which has ${body.length} bytes.`;
    throw new Problem(416, 'range', message, { 'Content-Range': `bytes */${body.length}` });
  }
  c.header('Content-Range', `bytes ${range.start}-${range.end}/${body.length}`);
  return c.body(body.subarray(range.start, range.end + 1), 206);
}

const includesTag = (header: string | undefined, tag: string): boolean =>
  header?.split(',').some((one) => ['*', tag].includes(one.trim().replace(/^W\//, ''))) ?? false;

/**
 * The one range of bytes that `Range` requests. Undefined without a range, for several ranges and for a
 * malformed header: RFC 9110 lets the server answer these with the whole body.
 */
function requestedRange(
  header: string | undefined,
  length: number,
): rangeParser.Range | 'unsatisfiable' | undefined {
  if (!header?.startsWith('bytes=')) return undefined;
  // RFC 9110, 14.1.2: the last N bytes of a shorter body are the whole body. range-parser rejects such an N.
  const clamped = header.replace(
    /([=,]\s*)-(\d+)/g,
    (_, before, n) => `${before}-${Math.min(Number(n), length)}`,
  );
  const ranges = rangeParser(length, clamped);
  if (ranges === -1) return 'unsatisfiable';
  return ranges === -2 || ranges.length > 1 ? undefined : ranges[0];
}
