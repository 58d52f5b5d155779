import { existsSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { RatedFile } from '../profiles/ratings/rated-file.ts';
import { recordingsIn } from './recordings-in.ts';

export interface RatedRecordings {
  /** Ratings whose recording was found; `file` is its path. */
  readonly found: readonly RatedFile[];
  /** Files of the list that were not found. */
  readonly missing: readonly string[];
}

/**
 * Finds the recordings of a list of ratings: at their own path, or below `folder` by their path or their name, since
 * the list may come from another computer. A file that is listed twice counts once, with its last rating.
 *
 * @throws UserError `bad-data` for a folder without recordings
 */
export async function ratedRecordings(
  ratings: readonly RatedFile[],
  folder: string | undefined,
): Promise<RatedRecordings> {
  const byName = new Map<string, string>();
  if (folder !== undefined) for (const path of await recordingsIn([folder])) byName.set(nameOf(path), path);
  const found = new Map<string, RatedFile>();
  const missing: string[] = [];
  for (const rating of ratings) {
    const within = folder === undefined || isAbsolute(rating.file) ? [] : [join(folder, rating.file)];
    const path = [...within, rating.file].find((one) => existsSync(one)) ?? byName.get(nameOf(rating.file));
    if (path === undefined) missing.push(rating.file);
    else found.set(path, { ...rating, file: path });
  }
  return { found: [...found.values()], missing };
}

/** Paths of Windows use backslashes. Macs store names decomposed. */
const nameOf = (path: string): string => basename(path.replaceAll('\\', '/')).normalize();
