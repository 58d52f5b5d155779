import { relative } from 'node:path';
import { UserError } from '../../src/user-error.ts';
import { type Clip, type Label, type Song, songKey } from './song.ts';
import { NO_TAGS, type TagTable } from './tags.ts';

/** Labels of one song by their time on its timeline in ms. */
export type Timeline = ReadonlyMap<number, Label>;

/** The labeled music of one folder, all of it on undertone's scales. */
export interface LabeledSet {
  /** Name of the layout. */
  readonly layout: string;
  readonly folder: string;
  readonly clips: readonly Clip[];
  /** Labels of a song; undefined if it has none. */
  timeline(song: Song): Timeline | undefined;
  /** Auxiliary targets for whole songs, standardized over the set. */
  readonly tags: TagTable;
  /** Sentences for the user about what was left out. */
  readonly notes: readonly string[];
}

/** The file layout in which a data set is published. One file per layout, registered in `dataset.ts`. */
export interface DatasetLayout {
  readonly name: string;
  /** The file that identifies the layout, for the message about an unknown folder. */
  readonly mark: string;
  detect(folder: string): Promise<boolean>;
  /** @throws UserError `bad-data` with the missing file, the places that were tried and where to get it */
  read(folder: string): Promise<LabeledSet>;
}

/** What a layout reads before it is assembled into a set. */
export interface SetParts {
  readonly layout: string;
  readonly folder: string;
  readonly songs: ReadonlyMap<string, Song>;
  /** Audio files by song id; each begins where its song begins. */
  readonly audio: ReadonlyMap<string, string>;
  readonly timelines: ReadonlyMap<string, Timeline>;
  readonly tags?: TagTable;
  readonly notes?: readonly string[];
  /** What the user can do if no song has both audio and labels. */
  readonly remedy: string;
}

/**
 * Joins audio, labels and songs by id. Songs without audio or without labels are left out; a note counts them.
 *
 * @throws UserError `bad-data` if no song is left
 */
export function assemble({
  layout,
  folder,
  songs,
  audio,
  timelines,
  tags = NO_TAGS,
  remedy,
  ...parts
}: SetParts): LabeledSet {
  const notes = [...(parts.notes ?? [])];
  const clips: Clip[] = [];
  const byKey = new Map<string, Timeline>();
  let withoutAudio = 0;
  let withoutLabels = 0;
  for (const [id, song] of songs) {
    const path = audio.get(id);
    const timeline = timelines.get(id);
    if (!timeline && !tags.of(song)) withoutLabels++;
    else if (!path) withoutAudio++;
    else {
      clips.push({ song, path, file: relative(folder, path), startMs: 0 });
      if (timeline) byKey.set(songKey(song), timeline);
    }
  }
  if (clips.length === 0)
    throw badData(`${layout} in ${folder} has no song with both audio and labels`, remedy);
  if (withoutAudio > 0)
    notes.push(`${layout}: ${withoutAudio} of ${songs.size} songs have no audio file and are left out.`);
  if (withoutLabels > 0)
    notes.push(`${layout}: ${withoutLabels} of ${songs.size} songs have no labels and are left out.`);
  return { layout, folder, clips, timeline: (song) => byKey.get(songKey(song)), tags, notes };
}

export function badData(fault: string, remedy: string, cause?: Error): UserError {
  return new UserError(
    'bad-data',
    `The labeled music cannot be used: ${fault}; ${remedy}.`,
    cause && { cause },
  );
}
