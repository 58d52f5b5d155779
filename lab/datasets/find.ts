import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UserError } from '../../src/user-error.ts';
import { badData } from './layout.ts';

const AUDIO = new Set(['.mp3', '.wav', '.flac', '.ogg', '.opus', '.m4a', '.aac', '.webm', '.aiff']);

/** The first of `places` below a folder that is there: archives unpack into folders of their own, or not. */
export function findBelow(folder: string, places: readonly string[]): string | undefined {
  return places.map((place) => join(folder, place)).find((path) => existsSync(path));
}

/** The same, or a UserError that says where it was looked for and where it is to be had. */
export function needBelow(folder: string, places: readonly string[], set: string, remedy: string): string {
  const found = findBelow(folder, places);
  if (found) return found;
  throw badData(`${set} lacks ${places.join(' and ')} in ${folder}`, remedy);
}

/** Audio files of a folder by their name without extension. */
export async function audioIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const audio = names.filter((name) => AUDIO.has(extname(name).toLowerCase())).sort();
  return new Map(audio.map((name) => [name.slice(0, -extname(name).length), join(folder, name)]));
}

/** @param what it should hold. @throws UserError `bad-data` where it is not there, or is no folder */
export async function needFolder(path: string, what: string): Promise<void> {
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
