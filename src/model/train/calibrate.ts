import { FORECAST_HORIZONS } from '../../types.ts';
import { type Calibration, Z90 } from '../calibration.ts';
import { conformalQuantile } from '../metrics.ts';
import type { Predicted } from './predict.ts';
import type { Sequence } from './sequence.ts';

const CHANGES = 2 * FORECAST_HORIZONS.length;
const AXES = ['valence', 'arousal'] as const;
const COVERAGE = 0.9;
/** A network is held to at least this many residuals; fewer bound nothing. */
const FALLBACK_WIDTH = Z90;

/**
 * Measures how far the network errs, in its own standard deviations, on songs it did not learn from:
 * split conformal prediction, so that intervals hold whatever the shape of the errors.
 *
 * @param validation what it says of them
 * @param training what it says of songs that it learned from: only for what is familiar
 * @param learned the training sequences, for the spread of their labels
 */
export function calibrate(
  validation: readonly Predicted[],
  training: readonly Predicted[],
  learned: readonly Sequence[],
): Calibration {
  const sdScale = byAxis((axis) => widthOf(validation, (p) => presentErrors(p, axis)) / Z90);
  const forecastWidth = FORECAST_HORIZONS.map((_, horizon) =>
    byAxis((axis) => widthOf(validation, (p) => forecastErrors(p, axis, horizon)) / sdScale[AXES[axis]!]),
  );
  const novelties = training.flatMap(({ novelty }) => [...novelty]);
  const labels = [0, 1].map((axis) => statistics(learned, axis));
  return {
    sdScale,
    forecastWidth,
    labelMean: byAxis((axis) => labels[axis]!.mean),
    labelSd: byAxis((axis) => labels[axis]!.sd),
    familiar: conformalQuantile(novelties, 0.99),
  };
}

function byAxis(of: (axis: number) => number): { valence: number; arousal: number } {
  return { valence: of(0), arousal: of(1) };
}

function widthOf(predicted: readonly Predicted[], errors: (p: Predicted) => Iterable<number>): number {
  const all = predicted.flatMap((p) => [...errors(p)]);
  return all.length > 0 ? conformalQuantile(all, COVERAGE) : FALLBACK_WIDTH;
}

/** |error| / sd of each labelled step. */
function* presentErrors({ sequence, emotion, sd }: Predicted, axis: number): Generator<number> {
  for (let i = axis; i < emotion.length; i += 2) {
    const label = sequence.labels[i]!;
    if (!Number.isNaN(label)) yield Math.abs(emotion[i]! - label) / sd[i]!;
  }
}

/** The same of what is forecast, for the steps whose future is known. */
function* forecastErrors(
  { sequence, emotion, sd, change }: Predicted,
  axis: number,
  horizon: number,
): Generator<number> {
  for (let step = 0; step < sequence.steps; step++) {
    const i = step * 2 + axis;
    const j = step * CHANGES + 2 * horizon + axis;
    const later = sequence.labels[i]! + sequence.changes[j]!;
    if (!Number.isNaN(later)) yield Math.abs(emotion[i]! + change[j]! - later) / sd[i]!;
  }
}

function statistics(sequences: readonly Sequence[], axis: number): { mean: number; sd: number } {
  const values = sequences.flatMap(({ labels }) =>
    [...labels].filter((label, i) => i % 2 === axis && !Number.isNaN(label)),
  );
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
}
