import { relative } from 'node:path';
import { recordingsIn } from '../../src/library/recordings-in.ts';
import { MEL_BANDS } from '../../src/stream/mel.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Clip } from '../datasets/song.ts';
import type { Example } from '../train/example.ts';

/**
 * Reads every recording under the folders as a data set without labels.
 *
 * @param tagCount number of auxiliary targets of the labeled music; all of them are unknown here
 * @throws UserError `bad-data` if a folder cannot be read or has no recordings
 */
export async function readUnlabeled(folders: readonly string[], tagCount: number): Promise<Dataset> {
  const clips: Clip[] = [];
  for (const folder of folders) {
    for (const path of await recordingsIn([folder])) {
      const file = relative(folder, path);
      clips.push({ song: { id: file, artist: file }, path, file, startMs: 0 });
    }
  }
  return {
    folders,
    about: [],
    clips,
    label: () => undefined,
    hasLabels: () => false,
    tags: () => undefined,
    tagCount,
  };
}

/** Cuts a long example into pieces of at most `steps`, each like a separate clip. */
export function cutExample(example: Example, steps: number): Example[] {
  const pieces: Example[] = [];
  for (let from = 0; from < example.steps; from += steps) {
    pieces.push(pieceOf(example, from, Math.min(example.steps, from + steps)));
  }
  return pieces;
}

function pieceOf({ clip, mel, rows, steps, labels, tags }: Example, from: number, to: number): Example {
  const first = mel?.ends[from - 1] ?? 0;
  const width = rows ? rows.length / steps : 0;
  return {
    clip,
    ...(mel && {
      mel: {
        frames: mel.frames.subarray(first * MEL_BANDS, mel.ends[to - 1]! * MEL_BANDS),
        ends: mel.ends.slice(from, to).map((end) => end - first),
      },
    }),
    ...(rows && { rows: rows.subarray(from * width, to * width) }),
    steps: to - from,
    labels: labels.subarray(2 * from, 2 * to),
    tags,
  };
}
