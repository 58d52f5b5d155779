import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UserError } from '../../src/user-error.ts';
import { badData } from './layout.ts';

const AUDIO = new Set(['.mp3', '.wav', '.flac', '.ogg', '.opus', '.m4a', '.aac', '.webm', '.aiff']);

/** Returns the first existing path of `places` below a folder: archives may unpack into a folder of their own. */
export function findFirst(folder: string, places: readonly string[]): string | undefined {
  return places.map((place) => join(folder, place)).find((path) => existsSync(path));
}

/**
 * Like `findFirst`, but the path is required.
 *
 * @param set name of the data set, for the error message
 * @param remedy where to get the missing files
 * @throws UserError `bad-data` with the places that were tried
 */
export function requireFirst(folder: string, places: readonly string[], set: string, remedy: string): string {
  const found = findFirst(folder, places);
  if (found) return found;
  throw badData(`${set} lacks ${places.join(' and ')} in ${folder}`, remedy);
}

/** Paths of the audio files in a folder, by their names without extension. */
export async function listAudio(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const audio = names.filter((name) => AUDIO.has(extname(name).toLowerCase())).sort();
  return new Map(audio.map((name) => [name.slice(0, -extname(name).length), join(folder, name)]));
}

/**
 * Checks that a folder exists.
 *
 * @param what the folder should hold, for the error message
 * @throws UserError `bad-data` if it is missing, unreadable or a file
 */
export async function requireFolder(path: string, what: string): Promise<void> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    const fault = missing
      ? `There is no folder ${path}`
      : `The folder ${path} cannot be read (${cause.code})`;
    throw new UserError('bad-data', `${fault}: name the one that holds ${what}.`, { cause });
  });
  if (found.isDirectory()) return;
  throw new UserError('bad-data', `${path} is a file: name the folder that holds ${what}.`);
}
