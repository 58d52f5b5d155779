import { basename, resolve } from 'node:path';
import { requireFolder } from './files.ts';
import { badData, type DatasetLayout, type LabeledSet } from './layout.ts';
import { deam } from './layouts/deam.ts';
import { emoMusic } from './layouts/emomusic.ts';
import { emotify } from './layouts/emotify.ts';
import { merp } from './layouts/merp.ts';
import { pmemo } from './layouts/pmemo.ts';
import { undertone } from './layouts/undertone.ts';
import { type Clip, type Label, type Song, songKey } from './song.ts';

export type { Clip, Label, Song };

/** All known layouts; the first one that detects a folder reads it. */
export const LAYOUTS: readonly DatasetLayout[] = [undertone, deam, emoMusic, pmemo, merp, emotify];

/** Music with continuous labels. */
export interface Dataset {
  /** As absolute paths. */
  readonly folders: readonly string[];
  /** Sentences for the user about what was read and what was left out. */
  readonly about: readonly string[];
  readonly clips: readonly Clip[];
  /** Mean rating of listeners at `timeMs` of the song; undefined if there is none. */
  label(song: Song, timeMs: number): Label | undefined;
  /** Whether the song has any label. */
  hasLabels(song: Song): boolean;
  /** Standardized auxiliary targets, NaN for unknown ones; undefined if the song has none at all. */
  tags(song: Song): Float32Array | undefined;
  readonly tagCount: number;
}

/**
 * Reads labeled music from one or more folders, each in one of the `LAYOUTS`.
 *
 * A song that is in several folders (same id, same artist) is one song: the labels of the first folder count, and
 * clips of it with the same start count once. Artists are matched by name, so that splits and folds keep them apart
 * over all folders.
 *
 * @throws UserError `bad-data` that names the file and what is wrong in it
 */
export async function readDataset(folders: string | readonly string[]): Promise<Dataset> {
  const sets: LabeledSet[] = [];
  for (const folder of [folders].flat()) sets.push(await readSet(folder));
  return joinSets(sets);
}

/** Labels are this far apart. */
const GRID_MS = 500;

/**
 * The label at any time of a clip, linearly interpolated: at a changed tempo, steps end between two labels.
 * Undefined if one of the two labels is unknown.
 *
 * @param ms since the clip's beginning
 */
export function labelBetween(dataset: Dataset, { song, startMs }: Clip, ms: number): Label | undefined {
  const share = ms / GRID_MS - Math.floor(ms / GRID_MS + 1e-9);
  const before = startMs + ms - share * GRID_MS;
  const a = dataset.label(song, Math.round(before));
  if (share < 1e-6 || !a) return a;
  const b = dataset.label(song, Math.round(before) + GRID_MS);
  return (
    b && {
      valence: a.valence + share * (b.valence - a.valence),
      arousal: a.arousal + share * (b.arousal - a.arousal),
    }
  );
}

async function readSet(folder: string): Promise<LabeledSet> {
  await requireFolder(folder, 'the labeled music');
  for (const layout of LAYOUTS) if (await layout.detect(folder)) return layout.read(folder);
  const marks = LAYOUTS.map(({ name, mark }) => `${mark} (${name})`).join(', ');
  throw badData(
    `the folder ${folder} has none of ${marks}`,
    'name the folder that holds one of them; docs/training.md shows the layouts',
  );
}

function joinSets(sets: readonly LabeledSet[]): Dataset {
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

function joinTags(
  sets: readonly LabeledSet[],
  song: Song,
  names: readonly string[],
): Float32Array | undefined {
  const known = new Map<string, number>();
  for (const { tags } of sets) {
    const values = tags.of(song);
    if (values)
      for (const [i, name] of tags.names.entries()) if (!known.has(name)) known.set(name, values[i]!);
  }
  return known.size > 0 ? Float32Array.from(names, (name) => known.get(name) ?? Number.NaN) : undefined;
}

function aboutSet({ layout, folder, clips }: LabeledSet): string {
  const songs = new Set(clips.map(({ song }) => songKey(song))).size;
  const artists = new Set(clips.map(({ song }) => songKey({ id: '', artist: song.artist }))).size;
  return `${basename(resolve(folder))} (layout ${layout}): ${clips.length} clips of ${songs} songs by ${artists} artists.`;
}
