import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { UserError } from '../user-error.ts';

const AUDIO = new Set(
  'wav mp3 flac ogg oga opus aac m4a mp4 webm aif aiff caf wma'.split(' ').map((name) => `.${name}`),
);

/**
 * Paths of every recording under the folders, in the order of their names.
 *
 * @throws UserError `bad-data` where a folder cannot be read or holds no recording
 */
export async function recordingsIn(folders: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
      throw new UserError(
        'bad-data',
        `The folder ${folder} cannot be read (${cause.message}); name one that holds recordings.`,
        { cause },
      );
    });
    const found = entries
      .filter((entry) => entry.isFile() && AUDIO.has(extname(entry.name).toLowerCase()))
      .map((entry) => join(entry.parentPath, entry.name));
    if (found.length === 0) {
      throw new UserError(
        'bad-data',
        `The folder ${folder} holds no recording (${[...AUDIO].join(', ')}); name one that does.`,
      );
    }
    all.push(...found.sort());
  }
  return all;
}
