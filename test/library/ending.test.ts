import { expect, test } from 'vitest';
import { EndingListener } from '../../src/library/passages.ts';
import { framesOf } from './frames.ts';

/** Index of the step that the music ends with. */
function endOf(letters: string): number | undefined {
  const listener = new EndingListener();
  for (const frame of framesOf(letters)) listener.hear(frame);
  const t = listener.ending?.t;
  return t === undefined ? undefined : 2 * t - 1;
}

test('the ending is the last frame of music', () => {
  expect(endOf('mmmmmmmmmm')).toBe(9);
  const listener = new EndingListener();
  for (const frame of framesOf('mmmmmmmmmm')) listener.hear(frame);
  expect(listener.ending).toMatchObject({
    t: 5,
    valence: 0.09,
    arousal: 0.5,
    valenceSd: 0.2,
    mood: 'energetic',
  });
  expect(listener.ending!.forecast).toHaveLength(5);
});

test('silence, speech and what passes for music for a moment after it do not count', () => {
  expect(endOf('mmmmmmmmmm....')).toBe(9);
  expect(endOf('mmmmmmmmmm..ssss')).toBe(9);
  expect(endOf('mmmmmmmmmm..mm...m.')).toBe(9);
  expect(endOf('mmmmmmmmmm..mmmmmmsssssss')).toBe(9);
  expect(endOf('mmmmmmmmmm..mmmmmmm')).toBe(18);
});

test('music that never lasts ends with its last note', () => {
  expect(endOf('mm.mm.mmm.m..')).toBe(10);
});

test('without music there is no ending', () => {
  expect(endOf('...sss..')).toBeUndefined();
  expect(endOf('')).toBeUndefined();
});
