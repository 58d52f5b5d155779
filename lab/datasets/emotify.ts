import { dirname, join } from 'node:path';
import { assemble } from './assemble.ts';
import { audioIn, findBelow, needBelow } from './find.ts';
import { standardisedLogits } from './labels.ts';
import type { DatasetLayout, TagTable } from './layout.ts';
import { idOf, readLooseCsv, readLooseTable } from './loose-csv.ts';
import { type Song, songKey } from './song.ts';

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
 * Emotify (Aljanaki, Wiering & Veltkamp 2016), 400 excerpts of a minute: for each, which of the nine emotions
 * of the Geneva Emotional Music Scale its listeners felt. It says nothing of valence and arousal, and felt is
 * not perceived: so it gives no labels. The share of listeners who felt each emotion is an auxiliary target, as
 * mood tags are. Artists are not told, so each song counts as an artist of its own.
 */
export const emotify: DatasetLayout = {
  name: 'Emotify',
  mark: 'data.csv with the columns track id, genre, amazement, …',
  async detect(folder) {
    const path = findBelow(folder, LABELS);
    return path !== undefined && (await readLooseTable(path)).header.includes('joyful_activation');
  },

  async read(folder) {
    const path = needBelow(folder, LABELS, 'Emotify', REMEDY);
    const audio = await readAudio(folder);
    const rows = await readLooseCsv(path, ['track id', ...EMOTIONS]);
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
      'Emotify: it has felt emotions and no valence and arousal, so it only helps the features along; each song counts as an artist of its own.',
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
  const root = dirname(needBelow(folder, places, 'Emotify', REMEDY));
  const audio = new Map<string, string>();
  for (const [g, genre] of GENRES.entries()) {
    for (const [stem, path] of await audioIn(join(root, genre))) {
      audio.set(String(g * SONGS_PER_GENRE + Number(stem)), path);
    }
  }
  return audio;
}

/** Half a listener of each opinion is added, so that a share of few listeners is not 0 or 1. */
function tagsOf(votes: ReadonlyMap<string, { listeners: number; felt: readonly number[] }>): TagTable {
  const shares = [...votes.values()].map(({ listeners, felt }) =>
    felt.map((n) => (n + 0.5) / (listeners + 1)),
  );
  const values = standardisedLogits(shares);
  const byKey = new Map([...votes.keys()].map((id, i) => [songKey(songOf(id)), values[i]!]));
  return { names: EMOTIONS.map((emotion) => `felt ${emotion}`), of: (song) => byKey.get(songKey(song)) };
}
