import { expect, test } from 'vitest';
import { fits, rank } from '../../src/library/rank.ts';
import { endingAt, openingOn, pathOf } from './frames.ts';

const HERE = { valence: 0.2, arousal: 0.4 };
const ALL = { tolerance: 0.05, fitsFirst: false };

const candidates = [
  { file: 'far', opening: openingOn(pathOf({ valence: -0.7, arousal: -0.5 })) },
  // Begins at the forecast point and then moves away.
  { file: 'turning', opening: openingOn(pathOf(HERE, { valence: -0.7, arousal: 0.9 })) },
  { file: 'near', opening: openingOn(pathOf({ valence: 0.1, arousal: 0.35 })) },
  { file: 'near too', opening: openingOn(pathOf({ valence: 0.1, arousal: 0.35 })) },
];

test('the nearest comes first, and equal distances keep their order', () => {
  const ranked = rank(endingAt(HERE), candidates, ALL);
  expect(ranked.map(({ rank, file }) => [rank, file])).toEqual([
    [1, 'near'],
    [2, 'near too'],
    [3, 'turning'],
    [4, 'far'],
  ]);
  expect(ranked.map(({ distance }) => distance)).toEqual(ranked.map(({ distance }) => distance).sort());
  expect(ranked.map((one) => one.fits)).toEqual([false, false, true, false]);
});

test('with the rule, tracks that fit come first', () => {
  const ranked = rank(endingAt(HERE), candidates, { ...ALL, fitsFirst: true });
  expect(ranked.map(({ file }) => file)).toEqual(['turning', 'near', 'near too', 'far']);
  const wider = rank(endingAt(HERE), candidates, { tolerance: 0.11, fitsFirst: true });
  expect(wider.map(({ file }) => file)).toEqual(['near', 'near too', 'turning', 'far']);
});

test('ranks by the forecast, not by the ending itself', () => {
  const there = { valence: -0.6, arousal: -0.4 };
  const following = { file: 'following', opening: openingOn(pathOf(HERE, there)) };
  const staying = { file: 'staying', opening: openingOn(pathOf(HERE)) };
  expect(rank(endingAt(there, HERE), [staying, following], ALL)[0]!.file).toBe('following');
  expect(rank(endingAt(HERE), [staying, following], ALL)[0]!.file).toBe('staying');
});

test('no candidates give an empty list', () => {
  expect(rank(endingAt(HERE), [], ALL)).toEqual([]);
});

test('the rule compares the first emotion on both axes and includes the limit', () => {
  const ending = endingAt(HERE);
  const at = (valence: number, arousal: number) => openingOn(pathOf({ valence, arousal }));
  expect(fits(ending, at(0.25, 0.35), 0.05)).toBe(true);
  expect(fits(ending, at(0.15, 0.45), 0.05)).toBe(true);
  expect(fits(ending, at(0.250002, 0.4), 0.05)).toBe(false);
  expect(fits(ending, at(0.2, 0.349998), 0.05)).toBe(false);
  expect(fits(ending, at(0.25, 0.35), 0.04)).toBe(false);
});
