import { expect, it } from 'vitest';
import { MOODS, moodOf } from '../src/mood.ts';

it('names the eight directions of the circumplex and its middle', () => {
  const words = Array.from({ length: 8 }, (_, i) => {
    const angle = (i * Math.PI) / 4;
    return moodOf(0.5 * Math.cos(angle), 0.5 * Math.sin(angle));
  });
  expect(words).toEqual(MOODS.slice(0, 8));
  expect(moodOf(0.05, -0.05)).toBe('neutral');
});

it('keeps the word within a margin past a border, in both directions', () => {
  const at = (degrees: number) => {
    const angle = (degrees * Math.PI) / 180;
    return [0.5 * Math.cos(angle), 0.5 * Math.sin(angle)] as const;
  };
  expect(moodOf(...at(26), 'happy')).toBe('happy');
  expect(moodOf(...at(31), 'happy')).toBe('excited');
  expect(moodOf(...at(19), 'excited')).toBe('excited');
  expect(moodOf(...at(-177), 'gloomy')).toBe('gloomy');
  expect(moodOf(0.13, 0, 'neutral')).toBe('neutral');
  expect(moodOf(0.11, 0, 'happy')).toBe('happy');
  expect(moodOf(0.05, 0, 'happy')).toBe('neutral');
});
