import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FftPlans } from '../../stream/fft.ts';
import { UserError } from '../../user-error.ts';
import type { FrontEnd, FrontEndName } from '../front-end.ts';
import { hearRows } from './front-rows.ts';

/** Raised when the same audio would give other rows. */
const VERSION = 1;
/** Recordings heard side by side. */
const STREAMS = 64;

export interface RowRequest {
  readonly name: FrontEndName;
  readonly frontEnd: FrontEnd;
  readonly plans: FftPlans;
  readonly cacheFolder: string;
}

/**
 * What a front end makes of recordings, [steps, inputs] each: from the cache where they were heard before.
 *
 * @throws UserError `bad-data` where one is shorter than a step
 */
export async function cachedRows(
  paths: readonly string[],
  request: RowRequest,
  onClip: () => void = () => {},
): Promise<Float32Array[]> {
  const places = await Promise.all(paths.map((path) => placeOf(path, request)));
  const rows = await Promise.all(places.map(readRows));
  for (const one of rows) if (one) onClip();
  const missing = [...rows.keys()].filter((i) => !rows[i]);
  await mkdir(request.cacheFolder, { recursive: true });
  for (let at = 0; at < missing.length; at += STREAMS) {
    const some = missing.slice(at, at + STREAMS);
    const heard = await hearRows(
      some.map((i) => paths[i]!),
      request.frontEnd,
      request.plans,
    );
    for (const [k, i] of some.entries()) {
      rows[i] = heard[k]!;
      if (rows[i].length === 0) throw tooShort(paths[i]!);
      await writeRows(places[i]!, rows[i]);
      onClip();
    }
  }
  return rows as Float32Array[];
}

/** A file that changed has another place. */
async function placeOf(path: string, { name, frontEnd, cacheFolder }: RowRequest): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const key = createHash('sha256')
    .update(`${VERSION}/${name}/${frontEnd.inputs}/${resolve(path)}/${size}/${mtimeMs}`)
    .digest('hex');
  return join(cacheFolder, `${key.slice(0, 32)}.rows`);
}

async function readRows(place: string): Promise<Float32Array | undefined> {
  const bytes = await readFile(place).catch(() => undefined);
  return bytes && new Float32Array(new Uint8Array(bytes).buffer);
}

/** Renamed into place, so that a broken-off write is never taken for a clip. */
async function writeRows(place: string, rows: Float32Array): Promise<void> {
  await writeFile(`${place}.${process.pid}`, new Uint8Array(rows.buffer));
  await rename(`${place}.${process.pid}`, place);
}

function tooShort(path: string): UserError {
  return new UserError(
    'bad-data',
    `The clip ${path} is shorter than 0.5 s, the length of a step; remove it from clips.csv.`,
  );
}
