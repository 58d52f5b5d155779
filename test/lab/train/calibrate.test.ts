import { describe, expect, test } from 'vitest';
import { calibrate } from '../../../lab/train/calibrate.ts';
import type { Predicted } from '../../../lab/train/predict.ts';
import { Random } from '../../../lab/train/random.ts';
import { calibratedSd } from '../../../src/model/calibration.ts';
import { Z90 } from '../../../src/types.ts';

const STEPS = 40;

/**
 * Predictions with planted errors: the network predicts a standard deviation `sd`, and its errors have `spread(sd, novelty)`.
 */
function songs(
  count: number,
  seed: number,
  spread: (sd: number, novelty: number) => number,
  mostNovelty = 0,
): Predicted[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const emotion = new Float32Array(STEPS * 2);
    const labels = new Float32Array(STEPS * 2);
    const sd = new Float32Array(STEPS * 2);
    const novelty = Float32Array.from({ length: STEPS }, () => mostNovelty * random.next());
    for (let i = 0; i < emotion.length; i++) {
      sd[i] = 0.05 + 0.4 * random.next();
      emotion[i] = 0.3 * random.normal();
      labels[i] = emotion[i]! + spread(sd[i]!, novelty[i >> 1]!) * random.normal();
    }
    const sequence = {
      steps: STEPS,
      summaries: new Float32Array(0),
      labels,
      tags: new Float32Array(0),
      softTargets: new Float32Array(STEPS * 2).fill(Number.NaN),
    };
    return { sequence, emotion, sd, novelty };
  });
}

const calibrated = (songs: readonly Predicted[]) =>
  calibrate(
    songs,
    songs.map(({ sequence }) => sequence),
  );

describe('calibration', () => {
  test.each([
    ['predicts half the true standard deviation', (sd: number) => 2 * sd, 1],
    ['predicts standard deviations that are unrelated to its errors', () => 0.2, 0],
    ['predicts too wide a range of standard deviations', (sd: number) => 0.5 * Math.sqrt(sd), 0.5],
  ])('gives 90 % coverage in every third of the steps for a network that %s', (_, spread, power) => {
    const calibration = calibrated(songs(100, 1, spread));
    expect(calibration.sdPower.valence).toBeCloseTo(power, 6);
    const fresh = songs(100, 2, spread).flatMap(({ sequence, emotion, sd }) =>
      [...sd].flatMap((predictedSd, i) =>
        i % 2 === 0 ? [{ predictedSd, error: Math.abs(sequence.labels[i]! - emotion[i]!) }] : [],
      ),
    );
    fresh.sort((a, b) => a.predictedSd - b.predictedSd);
    for (const third of [0, 1, 2]) {
      const part = fresh.slice((third * fresh.length) / 3, ((third + 1) * fresh.length) / 3);
      const covered = part.filter(
        ({ predictedSd, error }) => error <= Z90 * calibratedSd(predictedSd, 0, 'valence', calibration),
      );
      expect(covered.length / part.length).toBeGreaterThan(0.87);
      expect(covered.length / part.length).toBeLessThan(0.93);
    }
  });

  test('widens the intervals of novel sound as much as the errors grow with novelty', () => {
    const spread = (sd: number, novelty: number) => sd * (1 + 3 * novelty);
    const calibration = calibrated(songs(100, 1, spread, 2));
    expect(calibration).toMatchObject({ sdPower: { arousal: 1 }, sdNovelty: { arousal: 3 } });
    expect(calibration.sdScale.arousal).toBeCloseTo(1, 1);
    expect(calibration.noveltyP99).toBeCloseTo(0.99 * 2, 1);
    expect(calibratedSd(0.2, 0, 'arousal', calibration)).toBeCloseTo(0.2, 1);
    expect(calibratedSd(0.2, 2, 'arousal', calibration)).toBeCloseTo(1.4, 1);
  });

  test('does not widen them where the errors do not grow', () => {
    const { sdNovelty } = calibrated(songs(100, 1, (sd) => sd, 2));
    expect(sdNovelty).toEqual({ valence: 0, arousal: 0 });
  });
});
