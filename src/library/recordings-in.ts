import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UserError } from '../user-error.ts';

const EXTENSIONS = new Set(
  'wav mp3 flac ogg oga opus aac m4a mp4 webm aif aiff caf wma'.split(' ').map((name) => `.${name}`),
);

/**
 * Lists the recordings in folders and their subfolders, by file extension; sorted by path within each folder.
 *
 * @throws UserError `bad-data` if a folder cannot be read or contains no recording
 */
export async function recordingsIn(folders: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
      throw new UserError(
        'bad-data',
        `The folder ${folder} cannot be read (${cause.message}); choose a folder with recordings.`,
        { cause },
      );
    });
    const found = entries
      .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase()))
      .map((entry) => join(entry.parentPath, entry.name));
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
