import { relative } from 'node:path';
import { badData, type MusicSet, NO_TAGS, type TagTable, type Timeline } from './layout.ts';
import { type Clip, type Song, songKey } from './song.ts';

export interface Parts {
  readonly layout: string;
  readonly folder: string;
  readonly songs: ReadonlyMap<string, Song>;
  /** Audio by song id, each from the song's beginning. */
  readonly audio: ReadonlyMap<string, string>;
  readonly timelines: ReadonlyMap<string, Timeline>;
  readonly tags?: TagTable;
  readonly notes?: readonly string[];
  /** What to do where nothing fits together. */
  readonly remedy: string;
}

/** Joins audio, labels and songs by id; a song that lacks one of them is left out, and a note says how many. */
export function assemble({
  layout,
  folder,
  songs,
  audio,
  timelines,
  tags = NO_TAGS,
  remedy,
  ...parts
}: Parts): MusicSet {
  const notes = [...(parts.notes ?? [])];
  const clips: Clip[] = [];
  const byKey = new Map<string, Timeline>();
  let silent = 0;
  let unlabelled = 0;
  for (const [id, song] of songs) {
    const path = audio.get(id);
    const timeline = timelines.get(id);
    if (!timeline && !tags.of(song)) unlabelled++;
    else if (!path) silent++;
    else {
      clips.push({ song, path, file: relative(folder, path), startMs: 0 });
      if (timeline) byKey.set(songKey(song), timeline);
    }
  }
  if (clips.length === 0)
    throw badData(`${layout} in ${folder} has no song with both audio and labels`, remedy);
  if (silent > 0)
    notes.push(`${layout}: ${silent} of ${songs.size} songs have no audio file and are left out.`);
  if (unlabelled > 0)
    notes.push(`${layout}: ${unlabelled} of ${songs.size} songs have no labels and are left out.`);
  return { layout, folder, clips, timeline: (song) => byKey.get(songKey(song)), tags, notes };
}
