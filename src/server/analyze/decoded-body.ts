import { CONTENT_ENCODINGS, contentEncodings, unpack } from '../../util/content-encoding.ts';
import { Problem } from '../http/problem.ts';

/**
 * A request's body without its `Content-Encoding`, as fast as it is pulled. Limits apply to what it yields: a few bytes
 * can expand to many.
 *
 * @throws Problem `encoding` (415) for an unknown encoding, and (400) for bytes that do not have it
 */
export function decodedBody(
  body: AsyncIterable<Uint8Array>,
  header: string | undefined,
): AsyncIterable<Uint8Array> {
  const encodings = contentEncodings(header);
  if (!encodings) {
    const message = `The Content-Encoding "${header!.slice(0, 60)}" is not supported: use ${CONTENT_ENCODINGS.join(', ')}, or send the file as it is.`;
    throw new Problem(415, 'encoding', message, { 'Accept-Encoding': CONTENT_ENCODINGS.join(', ') });
  }
  if (encodings.length === 0) return body;
  return decoded(
    encodings.reduceRight<AsyncIterable<Uint8Array>>((bytes, name) => unpack(bytes, name), body),
  );
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* bytes;
  } catch (cause) {
    if (!/^(Z|ERR_?)_/.test((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    throw new Problem(
      400,
      'encoding',
      'The body cannot be decompressed: it is damaged, or it does not have the Content-Encoding that its header states.',
    );
  }
}
