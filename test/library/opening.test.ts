import { expect, test } from 'vitest';
import { openingIsOver, openingOf } from '../../src/library/passages.ts';
import { framesOf } from './frames.ts';

/** The steps that the opening consists of. */
const stepsOf = (letters: string, seconds = 3) =>
  openingOf(framesOf(letters), seconds)?.path.map(({ valence }) => Math.round(100 * valence));

test('an opening begins with the music, after silence and announcements', () => {
  expect(stepsOf('mmmmmmmmmm')).toEqual([0, 1, 2, 3, 4, 5]);
  expect(stepsOf('....mmmmmmmmmm')).toEqual([4, 5, 6, 7, 8, 9]);
  expect(stepsOf('..sssss..mmmmmmmmmm')).toEqual([9, 10, 11, 12, 13, 14]);
  expect(openingOf(framesOf('....mmmmmmmmmm'), 3)!.start).toBe(2);
});

test('a click or the first words of a voice, which pass for music, are no opening', () => {
  expect(stepsOf('m..mmmmmmmmmm')).toEqual([3, 4, 5, 6, 7, 8]);
  expect(stepsOf('mmmmmmsssssmmmmmmmm')).toEqual([11, 12, 13, 14, 15, 16]);
});

test('a rest within the opening takes its time and has no step', () => {
  const opening = openingOf(framesOf('mmmmmmm..mmmm'), 5)!;
  expect(opening.path.map(({ at }) => at)).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 5]);
});

test('music that never lasts begins with its first note', () => {
  expect(stepsOf('..mm..mm..')).toEqual([2, 3, 6, 7]);
});

test('without music there is no opening', () => {
  expect(openingOf(framesOf('..ss'), 3)).toBeUndefined();
  expect(openingOf([], 3)).toBeUndefined();
});

test('its word and means are those of its whole path', () => {
  const { valence, arousal, mood } = openingOf(framesOf('mmmmmmmmmm'), 3)!;
  expect([valence, arousal, mood]).toEqual([expect.closeTo(0.025, 9), 0.5, 'energetic']);
});

test('it is over when all of it was heard and its music has lasted', () => {
  expect(openingIsOver(framesOf('mmmmm'), 3)).toBe(false);
  expect(openingIsOver(framesOf('mmmmmm'), 3)).toBe(false); // 3 s, but it may be a voice yet
  expect(openingIsOver(framesOf('mmmmmmm'), 3)).toBe(true);
  expect(openingIsOver(framesOf('....mmmmmmm'), 5)).toBe(false);
  expect(openingIsOver(framesOf('....mmmmmmmmmm'), 5)).toBe(true);
  expect(openingIsOver(framesOf('....mmmmmmm...'), 5)).toBe(true); // a rest is time too
});
