import { describe, expect, it } from 'vitest';
import { distanceOutside, MOODS, type MoodRegion, moodOf, probabilityNear } from '../src/mood.ts';

const at = (degrees: number, radius = 0.5) => {
  const angle = (degrees * Math.PI) / 180;
  return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
};
const REGIONS = MOODS.filter((mood): mood is MoodRegion => mood !== 'uncertain');

it('names the eight directions of the circumplex and its middle', () => {
  const words = Array.from({ length: 8 }, (_, i) => moodOf(...at(45 * i)));
  expect(words).toEqual(MOODS.slice(0, 8));
  expect(moodOf(0.05, -0.05)).toBe('neutral');
  expect([moodOf(...at(22)), moodOf(...at(23))]).toEqual(['happy', 'excited']);
  expect([moodOf(0.11, 0), moodOf(0.13, 0)]).toEqual(['neutral', 'happy']);
});

it('the distance to a region is negative exactly within it', () => {
  for (let degrees = 1; degrees < 360; degrees += 7)
    for (const radius of [0.02, 0.1, 0.14, 0.4, 0.9])
      for (const mood of REGIONS) {
        const point = at(degrees, radius);
        expect(distanceOutside(mood, ...point) < 0).toBe(moodOf(...point) === mood);
      }
  expect(distanceOutside('neutral', 0.3, 0)).toBeCloseTo(0.18, 9);
  // Behind a sector, its corner at the middle is nearest.
  expect(distanceOutside('happy', ...at(180))).toBeCloseTo(0.5, 9);
  expect(distanceOutside('happy', ...at(67.5))).toBeCloseTo(0.5 * Math.SQRT1_2, 9);
});

describe('the probability that a word or one near it is right', () => {
  it('is that of a normal distribution', () => {
    const { exp } = Math;
    expect(probabilityNear('neutral', 0, 0, 0.17, 0.17)).toBeCloseTo(1 - exp(-0.09 / (2 * 0.17 ** 2)), 1);
    expect(probabilityNear('neutral', 0, 0, 0.3, 0.3)).toBeCloseTo(1 - exp(-0.09 / (2 * 0.3 ** 2)), 1);
    // In the middle, every direction is as likely as another: three of eight sectors.
    expect(probabilityNear('happy', 0, 0, 0.2, 0.2)).toBeCloseTo(3 / 8, 1);
    expect(probabilityNear('calm', ...at(-45, 0.6), 0.1, 0.1)).toBe(1);
  });

  it('is above 55 % everywhere for the usual standard deviations, and below it in the middle for wide ones', () => {
    const least = (sd: number) => {
      const points = [0, 0.05, 0.1, 0.119, 0.121, 0.2, 0.5].flatMap((radius) =>
        Array.from({ length: 48 }, (_, i) => at(7.5 * i + 0.1, radius)),
      );
      return Math.min(...points.map(([v, a]) => probabilityNear(moodOf(v, a), v, a, sd, sd)));
    };
    expect(least(0.17)).toBeGreaterThan(0.55);
    expect(least(0.2)).toBeGreaterThan(0.55);
    expect(least(0.25)).toBeLessThan(0.55);
    expect(probabilityNear('excited', ...at(45, 0.4), 0.4, 0.4)).toBeGreaterThan(0.65);
  });
});
