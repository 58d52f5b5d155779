import { expect, test } from 'vitest';
import type { Song } from '../../../lab/datasets/song.ts';
import { partOf } from '../../../lab/datasets/split.ts';
import { artistFolds, splitFold, yearFolds } from '../../../lab/train/protocol.ts';

const songs: Song[] = Array.from({ length: 900 }, (_, i) => ({
  id: String(i),
  artist: `Artist ${i % 300}`,
  year: i < 400 ? 2013 : 2014,
}));

test('each song is evaluated once, by weights trained without its artist', () => {
  const folds = artistFolds(5);
  expect(folds).toHaveLength(5);
  for (const song of songs) expect(folds.filter(({ judges }) => judges(song))).toHaveLength(1);
  for (const { learns, judges } of folds) {
    const evaluated = new Set(songs.filter(judges).map(({ artist }) => artist));
    expect(songs.filter(learns).some(({ artist }) => evaluated.has(artist))).toBe(false);
    expect(songs.filter((song) => learns(song) === judges(song))).toEqual([]);
    expect(evaluated.size / 300).toBeCloseTo(0.2, 1);
  }
});

test('each year is evaluated once, and its artists are left out of the training', () => {
  const folds = yearFolds(songs);
  expect(folds.map(({ name }) => name)).toEqual(['2013 to 2014', '2014 to 2013']);
  for (const [i, { learns, judges }] of folds.entries()) {
    const [from, to] = i === 0 ? [2013, 2014] : [2014, 2013];
    expect(songs.filter(judges)).toEqual(songs.filter(({ year }) => year === to));
    const evaluated = new Set(songs.filter(judges).map(({ artist }) => artist));
    const training = songs.filter(learns);
    expect(training.every(({ year, artist }) => year === from && !evaluated.has(artist))).toBe(true);
  }
});

test('songs of one year cannot be evaluated across years', () => {
  const message = /--protocol folds/;
  expect(() => yearFolds(songs.slice(0, 10))).toThrow(message);
  expect(() => yearFolds(songs.map(({ id, artist }) => ({ id, artist })))).toThrow(message);
});

test('the split evaluates on the held-out part of `undertone train`', () => {
  const { learns, judges } = splitFold();
  for (const song of songs) {
    expect(learns(song)).toBe(partOf(song) === 'train');
    expect(judges(song)).toBe(partOf(song) === 'held-out');
  }
});
