import { basename, resolve } from 'node:path';
import type { MusicSet } from './layout.ts';
import { readSet } from './layouts.ts';
import { type Clip, type Label, type Song, songKey } from './song.ts';

export type { Clip, Label, Song };

/** Music with continuous labels. */
export interface Dataset {
  /** As paths from the root. */
  readonly folders: readonly string[];
  /** What was read from where, and what was left out, for people. */
  readonly about: readonly string[];
  readonly clips: readonly Clip[];
  /** What listeners said having heard the song up to `timeMs`; undefined where nobody was asked. */
  label(song: Song, timeMs: number): Label | undefined;
  /** Whether the song has any label. */
  hasLabels(song: Song): boolean;
  /** Standardised auxiliary targets, NaN where there is none; undefined where the song has none at all. */
  tags(song: Song): Float32Array | undefined;
  readonly tagCount: number;
}

/**
 * Reads labelled music from one folder or several, each in any layout of `layouts/`.
 *
 * A song that is in more than one (same id, same artist) is one song: the first folder's labels count, and a
 * clip of it that begins where another does is taken once. Artists are the same by their names, so that
 * splits and folds keep them apart over all folders.
 *
 * @throws UserError `bad-data` naming the file and what is wrong in it
 */
export async function readDataset(folders: string | readonly string[]): Promise<Dataset> {
  const sets: MusicSet[] = [];
  for (const folder of [folders].flat()) sets.push(await readSet(folder));
  return joinSets(sets);
}

export function joinSets(sets: readonly MusicSet[]): Dataset {
  const clips = new Map<string, Clip>();
  for (const clip of sets.flatMap((set) => set.clips)) {
    const key = `${songKey(clip.song)}/${clip.startMs}`;
    if (!clips.has(key)) clips.set(key, clip);
  }
  const names = [...new Set(sets.flatMap(({ tags }) => tags.names))];
  const timelineOf = (song: Song) => {
    for (const set of sets) {
      const timeline = set.timeline(song);
      if (timeline) return timeline;
    }
    return undefined;
  };
  return {
    folders: sets.map(({ folder }) => resolve(folder)),
    about: sets.flatMap((set) => [aboutSet(set), ...set.notes]),
    clips: [...clips.values()],
    label: (song, timeMs) => timelineOf(song)?.get(timeMs),
    hasLabels: (song) => timelineOf(song) !== undefined,
    tags: (song) => joinTags(sets, song, names),
    tagCount: names.length,
  };
}

function joinTags(sets: readonly MusicSet[], song: Song, names: readonly string[]): Float32Array | undefined {
  const known = new Map<string, number>();
  for (const { tags } of sets) {
    const values = tags.of(song);
    if (values)
      for (const [i, name] of tags.names.entries()) if (!known.has(name)) known.set(name, values[i]!);
  }
  return known.size > 0 ? Float32Array.from(names, (name) => known.get(name) ?? Number.NaN) : undefined;
}

function aboutSet({ layout, folder, clips }: MusicSet): string {
  const songs = new Set(clips.map(({ song }) => songKey(song))).size;
  const artists = new Set(clips.map(({ song }) => songKey({ id: '', artist: song.artist }))).size;
  return `${basename(resolve(folder))} (layout ${layout}): ${clips.length} clips of ${songs} songs by ${artists} artists.`;
}
