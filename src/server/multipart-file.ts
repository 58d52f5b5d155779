import { Problem } from './problem.ts';

const MAX_HEADER_BYTES = 16 * 1024;

/** The boundary of a `multipart/form-data` content type; undefined for any other. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  const match = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
    contentType ?? '',
  );
  return match?.[1] ?? match?.[2];
}

/**
 * The bytes of the first file in a multipart body as they arrive: `formData()` would hold all of the body
 * in memory, several times over.
 */
export async function* firstFile(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<Uint8Array> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // As if a line ended before the body: the first delimiter is then like all others.
  let held: Buffer = Buffer.from('\r\n');
  let state: 'skip' | 'header' | 'file' = 'skip';
  for await (const chunk of body) {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      if (state === 'header') {
        const end = held.indexOf('\r\n\r\n');
        if (held.subarray(0, 2).toString('latin1') === '--') throw noFile();
        if (end < 0) {
          if (held.length > MAX_HEADER_BYTES) throw broken();
          break;
        }
        state = /^content-disposition:.*;\s*filename\*?=/im.test(held.subarray(0, end).toString('latin1'))
          ? 'file'
          : 'skip';
        held = held.subarray(end + 4);
      }
      const at = held.indexOf(delimiter);
      const whole = at >= 0 ? at : Math.max(0, held.length - delimiter.length + 1);
      if (state === 'file' && whole > 0) yield held.subarray(0, whole);
      held = held.subarray(at >= 0 ? at + delimiter.length : whole);
      if (at < 0) break;
      if (state === 'file') return;
      state = 'header';
    }
  }
  throw state === 'file' ? broken() : noFile();
}

const noFile = () =>
  new Problem(422, 'no-file', 'The form holds no file: send one, as in curl -F file=@song.ogg.');
const broken = () =>
  new Problem(400, 'bad-form', 'The form breaks off or is not well-formed multipart/form-data.');
