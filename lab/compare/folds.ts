import { createHash } from 'node:crypto';
import { artistKey, type Song, songKey } from '../datasets/song.ts';
import { artistFolds, type Fold } from '../train/protocol.ts';
import type { LabelledClip } from './labelled-clips.ts';

/**
 * `folds`: folds of which no two share an artist, each judged in turn. `70-15-15`: one split by artist, 70 % to learn
 * from, 15 % to validate, 15 % judged; a system that validates nothing learns from 85 %.
 */
export const COMPARE_PROTOCOLS = ['folds', '70-15-15'] as const;
export type CompareProtocol = (typeof COMPARE_PROTOCOLS)[number];

const JUDGED = 0.15;
const VALIDATION = 0.15;

/** @param count of folds; of no meaning for the split */
export function comparisonFolds(protocol: CompareProtocol, count: number): Fold[] {
  switch (protocol) {
    case 'folds':
      return artistFolds(count);
    case '70-15-15':
      return [{ name: 'split', learns: (song) => !isJudged(song), judges: isJudged }];
  }
}

const isJudged = ({ artist }: Song): boolean => placeOf(artist, 'undertone-70-15-15') < JUDGED;

/** A number in [0, 1) from the artist's name, evenly spread over artists, another one for each seed. */
function placeOf(artist: Song['artist'], seed: string): number {
  const hash = createHash('sha256')
    .update(`${seed}/${artistKey(artist)}`)
    .digest();
  return hash.readUInt32BE(0) / 2 ** 32;
}

/** The song of each step that is judged, fold after fold: in the order in which every system answers. */
export function judgedSongs(folds: readonly Fold[], clips: readonly LabelledClip[]): string[] {
  return folds.flatMap(({ judges }) =>
    clips
      .filter(({ clip }) => judges(clip.song))
      .flatMap(({ clip, steps }) => steps.map(() => songKey(clip.song))),
  );
}

/** Steps by their songs, each in order. @param songs of the steps, as `judgedSongs` gives them */
export function bySong<T>(steps: readonly T[], songs: readonly string[]): Map<string, T[]> {
  const all = new Map<string, T[]>();
  for (const [i, step] of steps.entries()) {
    const song = all.get(songs[i]!);
    if (song) song.push(step);
    else all.set(songs[i]!, [step]);
  }
  return all;
}

/** Whether a training song belongs to the validation part: about 15 of 100 artists, by a hash of the name, in any fold. */
export function isValidation({ artist }: Song): boolean {
  return placeOf(artist, 'undertone-compare-validation') < VALIDATION;
}
