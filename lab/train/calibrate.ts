import type { Calibration } from '../../src/model/calibration.ts';
import { Z90 } from '../../src/types.ts';
import { conformalQuantile } from '../evaluate/metrics.ts';
import type { Predicted } from './predict.ts';
import type { Sequence } from './sequence.ts';

const COVERAGE = 0.9;
/** Half width of a 90 % interval, in standard deviations, if there are no residuals to measure it from. */
const FALLBACK_WIDTH = Z90;

/**
 * Measures the network's errors, in units of its own standard deviations, on songs outside its training set. This is
 * split conformal prediction: the intervals hold for any distribution of the errors.
 *
 * @param validation predictions for songs outside the training set
 * @param training predictions for songs of the training set, to measure which inputs are familiar
 * @param sequences the training sequences, for mean and spread of their labels
 */
export function calibrate(
  validation: readonly Predicted[],
  training: readonly Predicted[],
  sequences: readonly Sequence[],
): Calibration {
  const spread = [0, 1].map((axis) => spreadOf(validation.flatMap((p) => [...labelErrors(p, axis)])));
  const sdPower = byAxis((axis) => spread[axis]!.power);
  const sdScale = byAxis((axis) => spread[axis]!.scale);
  const novelties = training.flatMap(({ novelty }) => [...novelty]);
  const labels = [0, 1].map((axis) => labelStatistics(sequences, axis));
  return {
    sdScale,
    sdPower,
    labelMean: byAxis((axis) => labels[axis]!.mean),
    labelSd: byAxis((axis) => labels[axis]!.sd),
    familiar: conformalQuantile(novelties, 0.99),
  };
}

function byAxis(of: (axis: number) => number): { valence: number; arousal: number } {
  return { valence: of(0), arousal: of(1) };
}

/** Candidate powers for the network's standard deviations. */
const POWERS = Array.from({ length: 9 }, (_, i) => i / 4);

/**
 * Chooses the power of the network's standard deviations for which 90 % intervals have the most even coverage over
 * thirds of the steps, sorted by standard deviation, and the factor for which they cover 90 % overall.
 *
 * @param steps |error| and standard deviation of each labeled step
 */
export function spreadOf(steps: readonly { readonly error: number; readonly sd: number }[]): {
  power: number;
  scale: number;
} {
  const errors = steps.toSorted((a, b) => a.sd - b.sd);
  if (errors.length === 0) return { power: 1, scale: FALLBACK_WIDTH / Z90 };
  const third = Math.ceil(errors.length / 3);
  const fits = POWERS.map((power) => {
    const width = conformalQuantile(
      errors.map(({ error, sd }) => error / sd ** power),
      COVERAGE,
    );
    let unevenness = 0;
    for (let from = 0; from < errors.length; from += third) {
      const part = errors.slice(from, from + third);
      const covered = part.filter(({ error, sd }) => error <= width * sd ** power).length / part.length;
      unevenness += (covered - COVERAGE) ** 2;
    }
    return { power, scale: width / Z90, unevenness };
  });
  return fits.reduce((best, fit) => (fit.unevenness < best.unevenness ? fit : best));
}

/** |error| and standard deviation of each labeled step. */
function* labelErrors(
  { sequence, emotion, sd }: Predicted,
  axis: number,
): Generator<{ error: number; sd: number }> {
  for (let i = axis; i < emotion.length; i += 2) {
    const label = sequence.labels[i]!;
    if (!Number.isNaN(label)) yield { error: Math.abs(emotion[i]! - label), sd: sd[i]! };
  }
}

function labelStatistics(sequences: readonly Sequence[], axis: number): { mean: number; sd: number } {
  const values = sequences.flatMap(({ labels }) =>
    [...labels].filter((label, i) => i % 2 === axis && !Number.isNaN(label)),
  );
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
}
