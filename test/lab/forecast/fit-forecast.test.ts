import { expect, test } from 'vitest';
import { fitForecast } from '../../../lab/forecast/fit-forecast.ts';
import { Random } from '../../../lab/train/random.ts';

/** Readings that return to 0 by a share of their distance in each step; with 0 they wander. */
function pathsOf(back: number, random: Random) {
  return Array.from({ length: 20 }, (_, i) => {
    const readings = new Float32Array(2 * 400);
    let [valence, arousal] = [0, 0];
    for (let step = 0; step < 400; step++) {
      const scale = step < 200 ? 0.005 : 0.02;
      valence += -back * valence + scale * random.normal();
      arousal += -back * arousal + scale * random.normal();
      readings.set([valence, arousal], 2 * step);
    }
    return { fold: i % 5, readings };
  });
}

test('a return to the mean is forecast, with intervals that hold whatever the movement', () => {
  const { scores } = fitForecast(pathsOf(0.1, new Random(1)));
  const [half, ten] = [0.5, 10].map((horizon) => scores.filter((score) => score.horizon === horizon));
  for (const { skill } of half!) expect(skill).toBeGreaterThan(0.02);
  for (const { skill } of ten!) expect(skill).toBeGreaterThan(0.3); // Without noise of its own it is 1 − (1 + .9²⁰) / 2 = .44.
  for (const { coverage, thirds } of scores) {
    expect(coverage).toBeCloseTo(0.9, 2);
    for (const third of thirds) expect(Math.abs(third - 0.9)).toBeLessThan(0.06);
  }
});

test('of a random walk it says that the reading stays', () => {
  const { scores } = fitForecast(pathsOf(0, new Random(2)).map(({ fold, readings }) => ({ fold, readings })));
  for (const { skill } of scores) expect(Math.abs(skill)).toBeLessThan(0.12);
});

test('steps without music are left out', () => {
  const paths = pathsOf(0.1, new Random(3));
  for (const { readings } of paths) readings.fill(Number.NaN, 300, 340);
  for (const { n, rmse } of fitForecast(paths).scores) {
    expect(n).toBeLessThan(20 * 400);
    expect(rmse).toBeGreaterThan(0);
  }
});
