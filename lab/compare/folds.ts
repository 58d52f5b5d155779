import { fractionOf, type Song, songKey } from '../datasets/song.ts';
import { artistFolds, type Fold } from '../train/protocol.ts';
import type { LabeledClip } from './labeled-clips.ts';

/**
 * `folds`: cross-validation by artist; each fold is evaluated once. `70-15-15`: one split by artist, 70 % for training,
 * 15 % for validation, 15 % evaluated; a system without validation trains on 85 %.
 */
export const COMPARE_PROTOCOLS = ['folds', '70-15-15'] as const;
export type CompareProtocol = (typeof COMPARE_PROTOCOLS)[number];

const EVALUATED_SHARE = 0.15;
const VALIDATION_SHARE = 0.15;

/** @param count of folds; ignored by `70-15-15` */
export function comparisonFolds(protocol: CompareProtocol, count: number): Fold[] {
  switch (protocol) {
    case 'folds':
      return artistFolds(count);
    case '70-15-15':
      return [{ name: 'split', isTraining: (song) => !isEvaluated(song), isEvaluated }];
  }
}

/** Whether a training song is used for validation: about 15 % of artists, by a hash of the name, the same in every fold. */
export function isValidation(song: Song): boolean {
  return fractionOf(song, 'undertone-compare-validation') < VALIDATION_SHARE;
}

/** Key of the song of each evaluated step, fold after fold: the order of the predictions of every system. */
export function evaluatedSongs(folds: readonly Fold[], clips: readonly LabeledClip[]): string[] {
  return folds.flatMap(({ isEvaluated }) =>
    clips
      .filter(({ clip }) => isEvaluated(clip.song))
      .flatMap(({ clip, steps }) => steps.map(() => songKey(clip.song))),
  );
}

/** Groups steps by song, each in order. @param songs of the steps, from `evaluatedSongs` */
export function bySong<T>(steps: readonly T[], songs: readonly string[]): Map<string, T[]> {
  const all = new Map<string, T[]>();
  for (const [i, step] of steps.entries()) {
    const song = all.get(songs[i]!);
    if (song) song.push(step);
    else all.set(songs[i]!, [step]);
  }
  return all;
}

function isEvaluated(song: Song): boolean {
  return fractionOf(song, 'undertone-70-15-15') < EVALUATED_SHARE;
}
