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

test('the split evaluates on the held-out part of `undertone train`', () => {
  const { isTraining, isEvaluated } = splitFold();
  for (const song of songs) {
    expect(isTraining(song)).toBe(partOf(song) === 'train');
    expect(isEvaluated(song)).toBe(partOf(song) === 'held-out');
  }
});
