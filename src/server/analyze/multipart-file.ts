import { make, type PartInfo } from 'multipasta';
import { Problem } from '../http/problem.ts';

export function isForm(contentType: string | undefined): contentType is string {
  return /^multipart\/form-data\s*;.*boundary=/i.test(contentType ?? '');
}

/**
 * Yields the first file of a multipart body as it arrives. `formData()` would hold the whole body in memory, several
 * times over.
 *
 * @throws Problem `no-file`, `bad-form`
 */
export async function* firstFile(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let state: 'before' | 'in' | 'after' = 'before';
  let failure: unknown;
  const parser = make({
    headers: { 'content-type': contentType },
    // The parser would hold other fields in memory: every part is streamed, and those that are no file are ignored.
    isFile: () => true,
    onField() {},
    onFile(part) {
      if (state !== 'before' || !hasFileName(part)) return () => {};
      state = 'in';
      return (piece) => {
        if (piece === null) state = 'after';
        else pieces.push(piece);
      };
    },
    onError(error) {
      failure ??= error;
    },
    onDone() {},
  });
  // A function, since TypeScript does not see that the parser changes the variable.
  const isAfter = () => state === 'after';
  const take = (write: () => void): Uint8Array[] => {
    pieces = [];
    try {
      write();
    } catch (error) {
      failure ??= error; // For a header that cannot be decoded.
    }
    if (failure !== undefined && !isAfter()) throw badForm();
    return pieces;
  };
  for await (const chunk of body) {
    yield* take(() => parser.write(chunk));
    if (isAfter()) return;
  }
  yield* take(parser.end);
  if (!isAfter()) throw noFile();
}

/** The parser itself reads no file name with characters above U+00FF, such as `Dvořák.ogg`. */
const hasFileName = ({ filename, contentType, headers }: PartInfo): boolean =>
  filename !== undefined ||
  contentType === 'application/octet-stream' ||
  /;\s*filename\*?\s*=/i.test(String(headers['content-disposition']));

const noFile = () =>
  new Problem(422, 'no-file', 'The form contains no file: send one, as in curl -F file=@song.ogg.');
const badForm = () =>
  new Problem(400, 'bad-form', 'The form is incomplete or not valid multipart/form-data.');
