import { readdir } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { UserError } from '../../../user-error.ts';
import type { Dataset } from '../dataset.ts';
import type { Clip } from '../song.ts';

const AUDIO = new Set(['.wav', '.mp3', '.flac', '.ogg', '.oga', '.opus', '.aac', '.m4a', '.aiff', '.wma']);

/**
 * Every recording under the folders, as a data set that has no labels.
 *
 * @param tagCount of the labelled music beside it: the auxiliary targets that are missing here
 * @throws UserError `bad-data` where a folder cannot be read or holds no recording
 */
export async function readUnlabelled(folders: readonly string[], tagCount: number): Promise<Dataset> {
  const clips: Clip[] = [];
  for (const folder of folders) {
    const found = await recordingsIn(folder);
    if (found.length === 0) {
      throw new UserError(
        'bad-data',
        `The folder ${folder} holds no recording (${[...AUDIO].join(', ')}); give one that does with --unlabelled.`,
      );
    }
    for (const path of found) {
      const file = relative(folder, path);
      clips.push({ song: { id: file, artist: file }, path, file, startMs: 0 });
    }
  }
  return {
    folders,
    about: folders.map((folder) => `${folder}: ${clips.length} recordings without labels.`),
    clips,
    label: () => undefined,
    hasLabels: () => false,
    tags: () => undefined,
    tagCount,
  };
}

async function recordingsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
    throw new UserError(
      'bad-data',
      `The folder ${folder} cannot be read (${cause.message}); give one with --unlabelled that holds music.`,
      { cause },
    );
  });
  return entries
    .filter((entry) => entry.isFile() && AUDIO.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
