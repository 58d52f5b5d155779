import { expect, test } from 'vitest';
import { PairForecaster, windowsOf } from '../../../../lab/compare/forecasting/forecasters/pair-ridge.ts';
import { PAIRS, type PairSeries } from '../../../../lab/compare/forecasting/pair-windows.ts';
import { Random } from '../../../../lab/train/random.ts';

/** Sine waves of one period with random amplitude and phase. */
function wave(random: Random): PairSeries {
  const [height, from] = [random.between(0.1, 0.5), random.between(0, 6)];
  const at = (i: number) => height * Math.sin(from + 0.2 * i);
  return Float64Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? at(i / 2) : -at((i - 1) / 2)));
}

test('forecasts a new sine wave', () => {
  const random = new Random(3);
  const songs = Array.from({ length: 20 }, () => wave(random));
  for (const ahead of [1, 4, 10]) {
    const forecaster = PairForecaster.fit(songs, ahead, 1e-9);
    const fresh = wave(random);
    let end = PAIRS;
    for (const { later } of windowsOf(fresh, ahead)) {
      const predicted = forecaster.predict(fresh.subarray(0, 2 * end++));
      expect(predicted[0]).toBeCloseTo(later[0], 3);
      expect(predicted[1]).toBeCloseTo(later[1], 3);
    }
  }
});

test('forecasts no change for a random walk', () => {
  const random = new Random(4);
  const walk = (): PairSeries => {
    const run = new Float64Array(400);
    for (let i = 2; i < run.length; i++) run[i] = run[i - 2]! + 0.01 * random.normal();
    return run;
  };
  const forecaster = PairForecaster.fit(Array.from({ length: 100 }, walk), 1);
  const fresh = walk();
  const predicted = forecaster.predict(fresh);
  expect(Math.abs(predicted[0] - fresh.at(-2)!)).toBeLessThan(0.003);
  expect(Math.abs(predicted[1] - fresh.at(-1)!)).toBeLessThan(0.003);
});

test('needs a run that is long enough', () => {
  expect(() => PairForecaster.fit([new Float64Array(20)], 1)).toThrow(RangeError);
  expect([...windowsOf(new Float64Array(22), 1)]).toHaveLength(1);
});
