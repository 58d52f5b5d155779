import { dirname, join } from 'node:path';
import { findFirst, listAudio, requireFirst } from '../files.ts';
import { assemble, type DatasetLayout } from '../layout.ts';
import { idOf, readPublishedCsv, readPublishedTable } from '../published-csv.ts';
import type { Song } from '../song.ts';
import { type TagTable, tagTable } from '../tags.ts';

const LABELS = ['data.csv', 'emotify.csv'];
const GENRES = ['classical', 'electronic', 'pop', 'rock'] as const;
const SONGS_PER_GENRE = 100;
const EMOTIONS = [
  'amazement',
  'solemnity',
  'tenderness',
  'nostalgia',
  'calmness',
  'power',
  'joyful_activation',
  'tension',
  'sadness',
] as const;
const REMEDY =
  'get emotifymusic.zip and data.csv from http://www2.projects.science.uu.nl/memotion/emotifydata/ and unpack them there';

/**
 * Emotify (Aljanaki, Wiering & Veltkamp 2016), 400 excerpts of one minute. Listeners marked which of the nine
 * emotions of the Geneva Emotional Music Scale they felt. There are no labels: the set has no valence and arousal, and
 * felt emotion is not perceived emotion. The share of listeners who felt each emotion is an auxiliary target, like a
 * mood tag. Artists are unknown, so each song counts as an artist of its own.
 */
export const emotify: DatasetLayout = {
  name: 'Emotify',
  mark: 'data.csv with the columns track id, genre, amazement, …',
  async detect(folder) {
    const path = findFirst(folder, LABELS);
    return path !== undefined && (await readPublishedTable(path)).header.includes('joyful_activation');
  },

  async read(folder) {
    const path = requireFirst(folder, LABELS, 'Emotify', REMEDY);
    const audio = await readAudio(folder);
    const rows = await readPublishedCsv(path, ['track id', ...EMOTIONS]);
    const votes = new Map<string, { listeners: number; felt: number[] }>();
    for (const row of rows) {
      const id = idOf(row('track id'));
      const vote = votes.get(id) ?? { listeners: 0, felt: EMOTIONS.map(() => 0) };
      votes.set(id, vote);
      vote.listeners++;
      for (const [i, emotion] of EMOTIONS.entries()) vote.felt[i]! += Number(row(emotion));
    }
    const songs = new Map([...votes.keys()].map((id): [string, Song] => [id, songOf(id)]));
    const notes = [
      'Emotify: it has felt emotions but no valence and arousal, so it only gives auxiliary targets; each song counts as an artist of its own.',
    ];
    const tags = tagsOf(votes);
    return assemble({
      layout: 'Emotify',
      folder,
      songs,
      audio,
      timelines: new Map(),
      tags,
      notes,
      remedy: REMEDY,
    });
  },
};

function songOf(id: string): Song {
  return { id: `emotify-${id}`, artist: `Emotify song ${id}` };
}

/** Tracks 1 to 100 are `classical/1.mp3` to `classical/100.mp3`, 101 to 200 the electronic ones, and so on. */
async function readAudio(folder: string): Promise<Map<string, string>> {
  const places = GENRES.flatMap((genre) => [join('emotifymusic', genre), genre]);
  const root = dirname(requireFirst(folder, places, 'Emotify', REMEDY));
  const audio = new Map<string, string>();
  for (const [g, genre] of GENRES.entries()) {
    for (const [stem, path] of await listAudio(join(root, genre))) {
      audio.set(String(g * SONGS_PER_GENRE + Number(stem)), path);
    }
  }
  return audio;
}

/** Adds half a vote for and half against each emotion, so that the share of a few listeners is not 0 or 1. */
function tagsOf(votes: ReadonlyMap<string, { listeners: number; felt: readonly number[] }>): TagTable {
  const shares = [...votes].map(([id, { listeners, felt }]): [Song, number[]] => [
    songOf(id),
    felt.map((n) => (n + 0.5) / (listeners + 1)),
  ]);
  return tagTable(
    EMOTIONS.map((emotion) => `felt ${emotion}`),
    shares,
  );
}
