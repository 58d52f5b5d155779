import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { STATE_VERSION, type TrackerState } from '../../tracker.ts';
import type { Seal } from './seal.ts';

/** A stream as it was when it was saved. */
export interface SavedStream {
  readonly stream: string;
  /** Number of its run in the log. */
  readonly run: number;
  /** The source as the user wrote it, without secrets. */
  readonly source: string;
  /** Of the model's folder (model/fingerprint.ts). */
  readonly fingerprint: string;
  readonly profile: string | undefined;
  /** The clock at the end of the audio that the state knows, in ms since 1970. */
  readonly atMs: number;
  readonly state: TrackerState;
}

/**
 * `undertone.state` in the data directory: a line of JSON, then a record for each stream: its length in four bytes, and
 * the sealed bytes of `v8.serialize`, which keeps typed arrays as they are.
 */
export const STATE_FILE = 'undertone.state';

/** Where the file is written before it replaces the last one. */
export const partialOf = (file: string): string => `${file}.new`;

const FORMAT = 1;
const headerOf = ({ encrypted }: Seal) => ({
  undertone: 'state',
  format: FORMAT,
  version: STATE_VERSION,
  encrypted,
});
/** About 5,000 streams of `undertone-lite`, or 350 of `undertone`. */
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_HEADER_BYTES = 1024;

/**
 * Replaces the file, one stream after the other, so that other work goes on. It is complete after a crash of the program,
 * but may be damaged after a power failure, which `readStates` notices.
 *
 * @returns whether all streams found room in the file
 */
export async function writeStates(
  file: string,
  streams: AsyncIterable<SavedStream>,
  seal: Seal,
  maxBytes = MAX_BYTES,
): Promise<boolean> {
  const partial = partialOf(file);
  const handle = await open(partial, 'w', 0o600);
  try {
    let complete = true;
    try {
      const header = Buffer.from(`${JSON.stringify(headerOf(seal))}\n`);
      await handle.writeFile(header);
      let bytes = header.length;
      for await (const stream of streams) {
        const record = seal.seal(serialize(stream));
        bytes += 4 + record.length;
        if (bytes > maxBytes) {
          complete = false;
          break;
        }
        const length = Buffer.alloc(4);
        length.writeUInt32LE(record.length);
        await handle.writev([length, record]);
      }
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    return complete;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * The streams of the file; undefined if there is none.
 *
 * @throws Error with a clause that states what is wrong with the file
 */
export async function readStates(file: string, seal: Seal): Promise<SavedStream[] | undefined> {
  const size = await stat(file).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return undefined;
  if (size > MAX_BYTES + MAX_HEADER_BYTES) throw new Error('it is too large');
  const bytes = await readFile(file);
  const end = bytes.subarray(0, MAX_HEADER_BYTES).indexOf('\n');
  checkHeader(bytes.subarray(0, Math.max(0, end)).toString('utf8'), seal);
  const streams: SavedStream[] = [];
  for (let at = end + 1; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw new Error('its end is missing');
    const length = bytes.readUInt32LE(at);
    at += 4;
    if (at + length > bytes.length) throw new Error('its end is missing');
    streams.push(deserialize(seal.open(bytes.subarray(at, at + length))) as SavedStream);
    at += length;
  }
  return streams;
}

function checkHeader(text: string, seal: Seal): void {
  let header: Partial<ReturnType<typeof headerOf>>;
  try {
    header = JSON.parse(text);
  } catch {
    throw new Error('it is damaged');
  }
  const { undertone, format, version, encrypted } = headerOf(seal);
  if (header.undertone !== undertone) throw new Error('it is not a file of undertone');
  if (header.format !== format || header.version !== version)
    throw new Error('it is of another version of undertone');
  if (header.encrypted !== encrypted)
    throw new Error(
      encrypted ? 'it is not encrypted, but the log is' : 'it is encrypted, but the log is not',
    );
}
