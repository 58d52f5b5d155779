import { relative } from 'node:path';
import { recordingsIn } from '../../../stream/sources/recordings-in.ts';
import type { Dataset } from '../dataset.ts';
import type { Clip } from '../song.ts';

/**
 * Every recording under the folders, as a data set that has no labels.
 *
 * @param tagCount of the labelled music beside it: the auxiliary targets that are missing here
 * @throws UserError `bad-data` where a folder cannot be read or holds no recording
 */
export async function readUnlabelled(folders: readonly string[], tagCount: number): Promise<Dataset> {
  const clips: Clip[] = [];
  for (const folder of folders) {
    for (const path of await recordingsIn([folder])) {
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
