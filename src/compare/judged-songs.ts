import type { Fold } from '../model/train/protocol.ts';
import { songKey } from '../model/train/song.ts';
import type { LabelledClip } from './labelled-clips.ts';

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
