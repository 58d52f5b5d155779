import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../user-error.ts';
import { garbledName, isGarbled } from '../util/no-file.ts';
import { decodeText } from '../util/text.ts';
import { pathsInM3u } from './exchange/m3u.ts';
import { isBelow } from './is-below.ts';
import { recordingsIn } from './recordings-in.ts';
import type { FileState } from './store/library-track.ts';
import type { KnownFile, TrackStore } from './store/track-store.ts';

export interface Scan {
  /** Files that are new, have another size or time than before, or were analyzed by another model. */
  readonly changed: readonly FileState[];
  /** Number of files that are as they were; those that could not be analyzed are among them. */
  readonly unchanged: number;
  /** Tracks below the scanned paths whose files are gone. */
  readonly gone: readonly KnownFile[];
  /** Tracks that were gone and are there again. */
  readonly found: readonly KnownFile[];
  /** A sentence for each file that cannot be opened, because its name is not UTF-8. */
  readonly garbled: readonly string[];
}

/**
 * Compares files and folders with the library, by size and time: no file is opened.
 *
 * @param paths files, folders and M3U playlists
 * @throws UserError `no-file` for a path that does not exist, `bad-data` for a folder that cannot be read
 */
export async function scan(paths: readonly string[], store: TrackStore, model: string): Promise<Scan> {
  const known = store.knownFiles();
  const failed = new Map(store.failures().map((one) => [one.path, one]));
  const present = new Set<string>();
  const changed: FileState[] = [];
  let unchanged = 0;
  const isSame = (a: (FileState & { readonly model: string }) | undefined, b: FileState) =>
    a !== undefined && a.size === b.size && a.mtimeMs === b.mtimeMs && a.model === model;
  const { files, garbled } = await filesAt(paths);
  for (const file of files) {
    if (present.has(file.path)) continue;
    present.add(file.path);
    if (isSame(known.get(file.path), file) || isSame(failed.get(file.path), file)) unchanged++;
    else changed.push(file);
  }
  const isScanned = isBelow(paths);
  const below = [...known.values()].filter(({ path }) => isScanned(path));
  return {
    changed,
    unchanged,
    gone: below.filter(({ path, missing }) => !missing && !present.has(path) && !existsSync(path)),
    found: below.filter(({ path, missing }) => missing && present.has(path)),
    garbled,
  };
}

async function filesAt(
  paths: readonly string[],
): Promise<{ readonly files: readonly FileState[]; readonly garbled: readonly string[] }> {
  const files: FileState[] = [];
  const garbled: string[] = [];
  for (const given of paths) {
    const path = resolve(given);
    const found = await stat(path).catch((cause: Error) => {
      const message = isGarbled(given)
        ? garbledName(given)
        : `There is nothing at ${given}: name files, or folders with recordings.`;
      throw new UserError('no-file', message, { cause });
    });
    for (const file of found.isDirectory() ? await recordingsIn([path]) : await filesOf(path)) {
      // A file that was removed meanwhile, or a broken link, is not there.
      const { size, mtimeMs } = (await stat(file).catch(() => undefined)) ?? {};
      if (size !== undefined && mtimeMs !== undefined) files.push({ path: file, size, mtimeMs });
      else if (isGarbled(file)) garbled.push(garbledName(file));
    }
  }
  return { files, garbled };
}

/** The files of a playlist, or the file itself. */
async function filesOf(path: string): Promise<string[]> {
  return /\.m3u8?$/i.test(path) ? pathsInM3u(decodeText(await readFile(path)), path) : [path];
}
