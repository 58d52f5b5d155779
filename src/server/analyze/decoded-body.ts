import { CONTENT_ENCODINGS, contentEncodings, isZlibError, unpack } from '../../util/content-encoding.ts';
import { Problem } from '../http/problem.ts';

/**
 * A request's body without its `Content-Encoding`, as fast as it is pulled. Limits apply to what it yields: a few bytes
 * can expand to many.
 *
 * @throws Problem `encoding` (415) for an unknown encoding or several, and (400) for bytes that do not have it
 */
export function decodedBody(
  body: AsyncIterable<Uint8Array>,
  header: string | undefined,
): AsyncIterable<Uint8Array> {
  const encodings = contentEncodings(header);
  // With two, what lies between them could expand a thousandfold before any limit applies.
  if (!encodings || encodings.length > 1) {
    const message = `The Content-Encoding "${header!.slice(0, 60)}" is not supported: use one of ${CONTENT_ENCODINGS.join(', ')}, or send the file as it is.`;
    throw new Problem(415, 'encoding', message, { 'Accept-Encoding': CONTENT_ENCODINGS.join(', ') });
  }
  const [encoding] = encodings;
  return encoding === undefined ? body : decoded(unpack(body, encoding));
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* bytes;
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw new Problem(
      400,
      'encoding',
      'The body cannot be decompressed: it is damaged, or it does not have the Content-Encoding that its header states.',
    );
  }
}
