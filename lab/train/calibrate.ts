import type { Calibration } from '../../src/model/calibration.ts';
import type { Axis } from '../../src/types.ts';
import { conformalQuantile } from '../evaluate/metrics.ts';
import { axesAt, type ScoredStep } from '../evaluate/scored-steps.ts';
import type { Predicted } from './predict.ts';
import type { Sequence } from './sequence.ts';
import { type Deviation, type Spread, spreadOf } from './spread.ts';

/** What is measured on predictions for songs outside the training set. */
export type Measured = Pick<Calibration, 'sdScale' | 'sdPower' | 'sdNovelty' | 'noveltyP99'>;

type Steps = readonly Pick<ScoredStep, 'label' | 'predicted' | 'sd' | 'novelty'>[];

/**
 * Measures the network's errors, in units of its own standard deviations, on songs outside its training set, and how they
 * grow with the novelty of the sound. This is split conformal prediction: the intervals hold for any distribution of the
 * errors.
 *
 * @param validation predictions for songs outside the training set
 * @param sequences the training sequences, for mean and spread of their labels
 */
export function calibrate(validation: readonly Predicted[], sequences: readonly Sequence[]): Calibration {
  const labels = [0, 1].map((axis) => labelStatistics(sequences, axis));
  return {
    ...calibrateOnSteps(validation.flatMap((p) => [...stepsOf(p)])),
    labelMean: { valence: labels[0]!.mean, arousal: labels[1]!.mean },
    labelSd: { valence: labels[0]!.sd, arousal: labels[1]!.sd },
  };
}

/** The same without the labels' mean and spread. */
export function calibrateOnSteps(steps: Steps): Measured {
  const [valence, arousal] = [spreadOfSteps(steps, 'valence'), spreadOfSteps(steps, 'arousal')];
  const byAxis = (of: (spread: Spread) => number) => ({ valence: of(valence), arousal: of(arousal) });
  return {
    sdScale: byAxis(({ scale }) => scale),
    sdPower: byAxis(({ power }) => power),
    sdNovelty: byAxis(({ noveltyFactor }) => noveltyFactor),
    noveltyP99: conformalQuantile(
      steps.map(({ novelty = 0 }) => novelty),
      0.99,
    ),
  };
}

function spreadOfSteps(steps: Steps, axis: Axis): Spread {
  return spreadOf(
    steps.flatMap(({ label, predicted, sd, novelty }): Deviation[] => {
      if (Number.isNaN(label[axis])) return [];
      const error = Math.abs(predicted[axis] - label[axis]);
      return [{ error, sd: sd[axis], ...(novelty !== undefined && { novelty }) }];
    }),
  );
}

function* stepsOf({ sequence, emotion, sd, novelty }: Predicted): Generator<Steps[number]> {
  for (let step = 0; step < sequence.steps; step++) {
    yield {
      label: axesAt(sequence.labels, step),
      predicted: axesAt(emotion, step),
      sd: axesAt(sd, step),
      novelty: novelty[step]!,
    };
  }
}

function labelStatistics(sequences: readonly Sequence[], axis: number): { mean: number; sd: number } {
  const values = sequences.flatMap(({ labels }) =>
    [...labels].filter((label, i) => i % 2 === axis && !Number.isNaN(label)),
  );
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
}
