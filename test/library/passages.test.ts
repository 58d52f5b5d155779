import { describe, expect, test } from 'vitest';
import { EndingDetector, isOpeningComplete, openingOf } from '../../src/library/passages.ts';
import { framesOf } from './frames.ts';

describe('the opening', () => {
  /** The steps that the opening consists of. */
  const stepsOf = (letters: string, seconds = 3) =>
    openingOf(framesOf(letters), seconds)?.path.map(({ valence }) => Math.round(100 * valence));

  test('begins with the music, after silence and announcements', () => {
    expect(stepsOf('mmmmmmmmmm')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(stepsOf('....mmmmmmmmmm')).toEqual([4, 5, 6, 7, 8, 9]);
    expect(stepsOf('..sssss..mmmmmmmmmm')).toEqual([9, 10, 11, 12, 13, 14]);
    expect(openingOf(framesOf('....mmmmmmmmmm'), 3)!.start).toBe(2);
  });

  test('is not a click or the first words of a voice that are classified as music', () => {
    expect(stepsOf('m..mmmmmmmmmm')).toEqual([3, 4, 5, 6, 7, 8]);
    expect(stepsOf('mmmmmmsssssmmmmmmmm')).toEqual([11, 12, 13, 14, 15, 16]);
  });

  test('counts the time of a pause, which has no step', () => {
    const opening = openingOf(framesOf('mmmmmmm..mmmm'), 5)!;
    expect(opening.path.map(({ at }) => at)).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 5]);
  });

  test('begins with the first note where no music is sustained', () => {
    expect(stepsOf('..mm..mm..')).toEqual([2, 3, 6, 7]);
  });

  test('is undefined without music', () => {
    expect(openingOf(framesOf('..ss'), 3)).toBeUndefined();
    expect(openingOf([], 3)).toBeUndefined();
  });

  test('has the mood and the means of its whole path', () => {
    const { valence, arousal, mood } = openingOf(framesOf('mmmmmmmmmm'), 3)!;
    expect([valence, arousal, mood]).toEqual([expect.closeTo(0.025, 9), 0.5, 'energetic']);
  });

  test('is complete when its length is reached and its music is sustained', () => {
    expect(isOpeningComplete(framesOf('mmmmm'), 3)).toBe(false);
    expect(isOpeningComplete(framesOf('mmmmmm'), 3)).toBe(false); // 3 s, but it may still turn out to be speech
    expect(isOpeningComplete(framesOf('mmmmmmm'), 3)).toBe(true);
    expect(isOpeningComplete(framesOf('....mmmmmmm'), 5)).toBe(false);
    expect(isOpeningComplete(framesOf('....mmmmmmmmmm'), 5)).toBe(true);
    expect(isOpeningComplete(framesOf('....mmmmmmm...'), 5)).toBe(true); // a pause counts
  });
});

describe('the ending', () => {
  /** Index of the step at which the music ends. */
  function endOf(letters: string): number | undefined {
    const detector = new EndingDetector();
    for (const frame of framesOf(letters)) detector.push(frame);
    const t = detector.ending?.t;
    return t === undefined ? undefined : 2 * t - 1;
  }

  test('is the last frame of music', () => {
    expect(endOf('mmmmmmmmmm')).toBe(9);
    const detector = new EndingDetector();
    for (const frame of framesOf('mmmmmmmmmm')) detector.push(frame);
    expect(detector.ending).toMatchObject({
      t: 5,
      valence: 0.09,
      arousal: 0.5,
      valenceSd: 0.2,
      mood: 'energetic',
    });
    expect(detector.ending!.forecast).toHaveLength(5);
  });

  test('ignores silence, speech and short sounds classified as music after it', () => {
    expect(endOf('mmmmmmmmmm....')).toBe(9);
    expect(endOf('mmmmmmmmmm..ssss')).toBe(9);
    expect(endOf('mmmmmmmmmm..mm...m.')).toBe(9);
    expect(endOf('mmmmmmmmmm..mmmmmmsssssss')).toBe(9);
    expect(endOf('mmmmmmmmmm..mmmmmmm')).toBe(18);
  });

  test('is the last note where no music is sustained', () => {
    expect(endOf('mm.mm.mmm.m..')).toBe(10);
  });

  test('is undefined without music', () => {
    expect(endOf('...sss..')).toBeUndefined();
    expect(endOf('')).toBeUndefined();
  });
});
