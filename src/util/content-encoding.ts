import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { peekBytes } from './bytes.ts';
import { readStream } from './read-stream.ts';

/** Undoing the `Content-Encoding` of HTTP messages (RFC 9110, 8.4.1) as the bytes arrive. */

/** What `unpack` can undo. `x-gzip` and `identity` are understood too. */
export const CONTENT_ENCODINGS = ['gzip', 'deflate', 'br'] as const;
export type ContentEncoding = (typeof CONTENT_ENCODINGS)[number];

/**
 * The encodings of a header, in the order in which they were applied.
 *
 * @returns undefined if one of them is unknown
 */
export function contentEncodings(header: string | undefined): readonly ContentEncoding[] | undefined {
  const names = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(/^x-gzip$/, 'gzip'))
    .filter((name) => name !== '' && name !== 'identity');
  const known = names.filter((name): name is ContentEncoding => CONTENT_ENCODINGS.includes(name as never));
  return known.length === names.length ? known : undefined;
}

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;

/** The header of RFC 1950. "deflate" means that, but some servers send the bare data of RFC 1951. */
const isZlib = (head: Uint8Array): boolean =>
  (head[0]! & 15) === 8 && head[0]! >> 4 <= 7 && (head[0]! * 256 + head[1]!) % 31 === 0;

/** Whether `unpack` threw this since the data is damaged or in another format. */
export const isZlibError = (error: unknown): boolean =>
  /^(Z_|ERR__|ERR_BROTLI)/.test((error as NodeJS.ErrnoException | undefined)?.code ?? '');

/** @param head the first bytes: they distinguish two formats of `deflate` */
function decompressor(encoding: ContentEncoding, head: Uint8Array): Transform {
  // What has arrived of an incomplete message is returned, too.
  const options = { finishFlush: constants.Z_SYNC_FLUSH };
  switch (encoding) {
    case 'gzip':
      return createGunzip(options);
    case 'deflate':
      return isZlib(head) ? createInflate(options) : createInflateRaw(options);
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
  }
}

/**
 * Decompresses as fast as it is pulled, so that a few bytes that expand to many never fill the memory. When `bytes`
 * throws, everything before that is returned first.
 *
 * @throws an error for damaged data: see `isZlibError`
 */
export async function* unpack(
  bytes: AsyncIterable<Uint8Array>,
  encoding: ContentEncoding,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { head, all } = await peekBytes(bytes, 2);
  let failure: { readonly cause: unknown } | undefined;
  async function* untilFailure() {
    try {
      yield* all;
    } catch (cause) {
      failure = { cause };
    }
  }
  const output = decompressor(encoding, head);
  // Errors of the data are thrown by the iteration.
  pipeline(Readable.from(untilFailure(), { highWaterMark: 1 }), output, () => {});
  yield* readStream(output);
  if (failure) throw failure.cause;
}
