import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { badData } from './bad-data.ts';

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
