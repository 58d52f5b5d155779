import { basename, relative } from 'node:path';
import { recordingsIn } from '../../src/library/recordings-in.ts';
import { UserError } from '../../src/user-error.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { artistKey } from '../datasets/song.ts';
import { hashOf } from '../train/random.ts';

/** Number of folds. */
export const FOLDS = 5;

/** A recording whose readings are forecast. */
export interface Piece {
  readonly path: string;
  /** Unique name: its folder and the path in it. */
  readonly name: string;
  /** 0 … FOLDS − 1. All pieces of an artist or of a folder of music are in one fold. */
  readonly fold: number;
}

/**
 * Lists the recordings. Those of one folder of music form a group, as do the songs of one artist of the data set: a
 * group is in one fold, so a forecast is never tested on an artist or a collection that it was fitted on.
 *
 * @param music folders without labels, one per artist or collection
 * @returns `music` and the clips of `dataset`, separately
 * @throws UserError `bad-data` for a folder without recordings, or if some fold has no music
 */
export async function readPieces(
  music: readonly string[],
  dataset: Dataset | undefined,
): Promise<{ readonly music: readonly Piece[]; readonly clips: readonly Piece[] }> {
  const recordings: Piece[] = [];
  for (const [i, folder] of music.entries()) {
    for (const path of await recordingsIn([folder])) {
      recordings.push({ path, name: `${basename(folder)}/${relative(folder, path)}`, fold: i % FOLDS });
    }
  }
  const clips = (dataset?.clips ?? []).map(({ path, file, song }) => ({
    path,
    name: file,
    fold: hashOf(artistKey(song.artist)) % FOLDS,
  }));
  const folds = new Set([...recordings, ...clips].map(({ fold }) => fold));
  if (folds.size < FOLDS) throw tooFewGroups();
  return { music: recordings, clips };
}

function tooFewGroups(): UserError {
  return new UserError(
    'bad-data',
    `The music has too few groups for ${FOLDS} folds: give at least ${FOLDS} folders with --music, one per artist or collection, or labeled songs of many artists with --data.`,
  );
}
