import { expect, test } from 'vitest';
import { fits, rank } from '../../src/library/rank.ts';
import { endingAt, openingOn, pathOf } from './frames.ts';

const HERE = { valence: 0.2, arousal: 0.4 };
const ALL = { tolerance: 0.05, fitsFirst: false };

const heard = [
  { file: 'far', opening: openingOn(pathOf({ valence: -0.7, arousal: -0.5 })) },
  // Begins where the ending goes, and is elsewhere soon.
  { file: 'turning', opening: openingOn(pathOf(HERE, { valence: -0.7, arousal: 0.9 })) },
  { file: 'near', opening: openingOn(pathOf({ valence: 0.1, arousal: 0.35 })) },
  { file: 'near too', opening: openingOn(pathOf({ valence: 0.1, arousal: 0.35 })) },
];

test('the nearest comes first, and equals in the order in which they came', () => {
  const ranked = rank(endingAt(HERE), heard, ALL);
  expect(ranked.map(({ rank, file }) => [rank, file])).toEqual([
    [1, 'near'],
    [2, 'near too'],
    [3, 'turning'],
    [4, 'far'],
  ]);
  expect(ranked.map(({ distance }) => distance)).toEqual(ranked.map(({ distance }) => distance).sort());
  expect(ranked.map((one) => one.fits)).toEqual([false, false, true, false]);
});

test('with the rule, those within it come before those without', () => {
  const ranked = rank(endingAt(HERE), heard, { ...ALL, fitsFirst: true });
  expect(ranked.map(({ file }) => file)).toEqual(['turning', 'near', 'near too', 'far']);
  const wider = rank(endingAt(HERE), heard, { tolerance: 0.11, fitsFirst: true });
  expect(wider.map(({ file }) => file)).toEqual(['near', 'near too', 'turning', 'far']);
});

test('where the ending is heading counts, not where it is', () => {
  const there = { valence: -0.6, arousal: -0.4 };
  const going = { file: 'going', opening: openingOn(pathOf(HERE, there)) };
  const staying = { file: 'staying', opening: openingOn(pathOf(HERE)) };
  expect(rank(endingAt(there, HERE), [staying, going], ALL)[0]!.file).toBe('going');
  expect(rank(endingAt(HERE), [staying, going], ALL)[0]!.file).toBe('staying');
});

test('nothing to rank gives nothing', () => {
  expect(rank(endingAt(HERE), [], ALL)).toEqual([]);
});

test('the rule asks for the first emotion, on both axes, the border within', () => {
  const ending = endingAt(HERE);
  const at = (valence: number, arousal: number) => openingOn(pathOf({ valence, arousal }));
  expect(fits(ending, at(0.25, 0.35), 0.05)).toBe(true);
  expect(fits(ending, at(0.15, 0.45), 0.05)).toBe(true);
  expect(fits(ending, at(0.250002, 0.4), 0.05)).toBe(false);
  expect(fits(ending, at(0.2, 0.349998), 0.05)).toBe(false);
  expect(fits(ending, at(0.25, 0.35), 0.04)).toBe(false);
});
