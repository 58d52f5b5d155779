import { readdir } from 'node:fs/promises';
import { extname, normalize, sep } from 'node:path';
import { UserError } from '../user-error.ts';

const EXTENSIONS = new Set(
  'wav mp3 flac ogg oga opus aac m4a mp4 webm aif aiff caf wma'.split(' ').map((name) => `.${name}`),
);

/**
 * Lists the recordings in folders and their subfolders, by file extension; sorted by path within each folder.
 * A file whose name is not UTF-8 is listed too; opening it fails with that reason (`noFile`).
 *
 * @throws UserError `bad-data` if a folder cannot be read or contains no recording
 */
export async function recordingsIn(folders: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const folder of folders) {
    const found = await below(Buffer.from(folder)).catch((cause: Error) => {
      throw new UserError(
        'bad-data',
        `The folder ${folder} cannot be read (${cause.message}); choose a folder with recordings.`,
        { cause },
      );
    });
    if (found.length === 0) {
      throw new UserError(
        'bad-data',
        `The folder ${folder} contains no recording (${[...EXTENSIONS].join(', ')}); choose a folder that does.`,
      );
    }
    all.push(...found.sort());
  }
  return all;
}

/** Paths are bytes until all folders are read: as text, folders whose names are not UTF-8 could not be opened. */
async function below(folder: Buffer): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const path = Buffer.concat([folder, Buffer.from(sep), entry.name]);
    if (entry.isDirectory()) found.push(...(await below(path)));
    else if (entry.isFile() && EXTENSIONS.has(extname(`${path}`).toLowerCase()))
      found.push(normalize(`${path}`));
  }
  return found;
}
