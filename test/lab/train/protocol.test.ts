import { expect, test } from 'vitest';
import type { Song } from '../../../lab/datasets/song.ts';
import { partOf } from '../../../lab/datasets/split.ts';
import { GENRE_GROUPS, genreGroupOf } from '../../../lab/train/genre-groups.ts';
import { artistFolds, genreFolds, splitFold, yearFolds } from '../../../lab/train/protocol.ts';

const songs: Song[] = Array.from({ length: 900 }, (_, i) => ({
  id: String(i),
  artist: `Artist ${i % 300}`,
  year: i < 400 ? 2013 : 2014,
}));

test('each song is evaluated once, by weights trained without its artist', () => {
  const folds = artistFolds(5);
  expect(folds).toHaveLength(5);
  for (const song of songs) expect(folds.filter(({ isEvaluated }) => isEvaluated(song))).toHaveLength(1);
  for (const { isTraining, isEvaluated } of folds) {
    const evaluated = new Set(songs.filter(isEvaluated).map(({ artist }) => artist));
    expect(songs.filter(isTraining).some(({ artist }) => evaluated.has(artist))).toBe(false);
    expect(songs.filter((song) => isTraining(song) === isEvaluated(song))).toEqual([]);
    expect(evaluated.size / 300).toBeCloseTo(0.2, 1);
  }
});

test('each year is evaluated once, and its artists are left out of the training', () => {
  const folds = yearFolds(songs);
  expect(folds.map(({ name }) => name)).toEqual(['2013 to 2014', '2014 to 2013']);
  for (const [i, { isTraining, isEvaluated }] of folds.entries()) {
    const [from, to] = i === 0 ? [2013, 2014] : [2014, 2013];
    expect(songs.filter(isEvaluated)).toEqual(songs.filter(({ year }) => year === to));
    const evaluated = new Set(songs.filter(isEvaluated).map(({ artist }) => artist));
    const training = songs.filter(isTraining);
    expect(training.every(({ year, artist }) => year === from && !evaluated.has(artist))).toBe(true);
  }
});

test('songs of one year cannot be evaluated across years', () => {
  const message = /--protocol folds/;
  expect(() => yearFolds(songs.slice(0, 10))).toThrow(message);
  expect(() => yearFolds(songs.map(({ id, artist }) => ({ id, artist })))).toThrow(message);
});

test.each([
  ['Rock', 'rock and pop'],
  ['Pop-Electronic', 'rock and pop'],
  ['Hip-Hop-Electronic', 'hip-hop and soul'],
  ['Hip-Hop', 'hip-hop and soul'],
  ['hip hop', 'hip-hop and soul'],
  ['SoulRB-Blues-Rock', 'hip-hop and soul'],
  ['R&B', 'hip-hop and soul'],
  ['Electronic-Rock', 'electronic'],
  ['classical', 'classical'],
  ['Blues', 'jazz and blues'],
  ['International-Folk', 'country, folk and world'],
  ['Spoken', undefined],
  ['', undefined],
  [undefined, undefined],
])('the first named genre decides: %s', (genre, group) => {
  expect(genreGroupOf(genre)).toBe(group);
});

test('each group of genres is evaluated once, by weights trained without it and without its artists', () => {
  const genres = ['Rock', 'Jazz-Rock', 'Classical', 'Folk', 'Hip-Hop', 'Electronic', 'Spoken'];
  // Most artists have songs of several genres.
  const labeled = songs.map((song, i): Song => (i % 8 === 7 ? song : { ...song, genre: genres[i % 8]! }));
  const folds = genreFolds(labeled);
  expect(folds.map(({ name }) => name)).toEqual(Object.keys(GENRE_GROUPS));
  for (const song of labeled) {
    const times = genreGroupOf(song.genre) ? 1 : 0;
    expect(folds.filter(({ isEvaluated }) => isEvaluated(song))).toHaveLength(times);
  }
  for (const { isTraining, isEvaluated } of folds) {
    const evaluated = new Set(labeled.filter(isEvaluated).map(({ artist }) => artist));
    const others = labeled.filter(({ artist }) => !evaluated.has(artist));
    expect(labeled.filter(isTraining)).toEqual(others.filter((song) => !isEvaluated(song)));
    expect(others.length).toBeGreaterThan(0);
  }
});

test('songs without genres, or of one group, cannot be evaluated across genres', () => {
  expect(() => genreFolds(songs)).toThrow(/column genre in songs.csv.*have none; use --protocol folds/);
  expect(() => genreFolds(songs.map((song) => ({ ...song, genre: 'Rock' })))).toThrow(/have one; use/);
});

test('the split evaluates on the held-out part of `undertone train`', () => {
  const { isTraining, isEvaluated } = splitFold();
  for (const song of songs) {
    expect(isTraining(song)).toBe(partOf(song) === 'train');
    expect(isEvaluated(song)).toBe(partOf(song) === 'held-out');
  }
});
