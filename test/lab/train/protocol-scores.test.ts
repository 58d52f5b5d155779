import { expect, test } from 'vitest';
import { detailTables } from '../../../lab/commands/protocol-tables.ts';
import type { ScoredStep } from '../../../lab/evaluate/scored-steps.ts';
import { crossCalibrate, foldDetails, meanOf } from '../../../lab/train/protocol-scores.ts';
import { Random } from '../../../lab/train/random.ts';

/** Clips of 2 s whose errors are `scale` times their standard deviation. */
function fold(seed: number, scale: number, clips = 300): ScoredStep[] {
  const random = new Random(seed);
  return Array.from({ length: clips }, (_, clip) => {
    const label = { valence: 0.2 * random.normal(), arousal: 0.3 * random.normal() };
    return [0.5, 1, 1.5, 2].map((t): ScoredStep => {
      const sd = { valence: random.between(0.05, 0.2), arousal: random.between(0.05, 0.2) };
      const predicted = {
        valence: label.valence + scale * sd.valence * random.normal(),
        arousal: label.arousal + scale * sd.arousal * random.normal(),
      };
      return { song: String(clip), file: 'a.wav', t, label, predicted, sd };
    });
  }).flat();
}

test('the intervals of a fold are calibrated on the other folds only', () => {
  const folds = [fold(1, 2), fold(2, 2), fold(3, 2)];
  for (const steps of folds) expect(foldDetails(steps).coverage.valence.coverage).toBeLessThan(0.7);
  for (const steps of crossCalibrate(folds)) {
    const { valence, arousal } = foldDetails(steps).coverage;
    for (const { coverage, coverageByThird } of [valence, arousal]) {
      for (const share of [coverage, ...coverageByThird]) expect(share).toBeCloseTo(0.9, 1);
    }
  }
  // Of two folds, each has the errors of the other: the intervals of the first become too wide.
  const [accurate, inaccurate] = crossCalibrate([fold(1, 1), fold(2, 3)]);
  expect(foldDetails(accurate!).coverage.arousal.coverage).toBeGreaterThan(0.99);
  expect(foldDetails(inaccurate!).coverage.arousal.coverage).toBeLessThan(0.5);
  const alone = fold(1, 2);
  expect(crossCalibrate([alone])).toEqual([alone]);
});

test('clips of the same file name in different songs are different clips', () => {
  const steps = fold(4, 1, 40);
  const renamed = steps.map((step) => ({ ...step, file: `${step.song}.wav` }));
  expect(foldDetails(steps)).toEqual(foldDetails(renamed));
});

test('the mean of two years has the mean of every number', () => {
  const [a, b] = [foldDetails(fold(1, 1)), foldDetails(fold(2, 2))];
  const mean = meanOf([a, b]);
  expect(mean.separation.partialR).toBeCloseTo((a.separation.partialR + b.separation.partialR) / 2, 12);
  expect(mean.coverage.valence.coverageByThird).toHaveLength(3);
  expect(mean.overTime[1]).toMatchObject({ seconds: 2, clips: 300 });
  expect(mean.overTime.at(-1)!.axes.valence.r2).toBeNaN();
});

test('the tables have a line for each fold and one for all, and the times that clips have', () => {
  const lines = [fold(1, 1), fold(2, 1)].map((steps, i) => ({
    name: `fold ${i + 1}`,
    ...foldDetails(steps),
  }));
  const text = detailTables([...lines, { name: 'pooled', ...meanOf(lines.map(({ name: _, ...l }) => l)) }]);
  expect(text).toMatch(/^fold 1 +\d\.\d{3} +.*$/m);
  expect(text).toMatch(/^pooled +\d\.\d{3} +.* \d\d\.\d +\d\d\.\d \/ \d\d\.\d \/ \d\d\.\d$/m);
  expect(text).toMatch(/since the beginning of a clip \(pooled\):[\s\S]*\n +1 s +300 .*\n +2 s +300 /);
  expect(text).not.toMatch(/ 5 s /);
  expect(text).toContain('calibrated on the other folds');
  expect(detailTables(lines.slice(0, 1))).toContain('before calibration');
});
