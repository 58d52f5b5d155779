import { z } from 'zod';
import type { SongMeans } from './song-means.ts';

/**
 * The `boundary` of a model.json: a detector of the places where one piece of music gives way to another, fitted by
 * `undertone train` on songs joined to sequences.
 */
export const boundarySchema = z.strictObject({
  bias: z.number(),
  /** [inputs] weight of the squared difference of each standardized input. */
  weights: z.array(z.number()),
  /** Probability from which a step counts as a boundary. */
  threshold: z.number().gt(0).lt(1),
});

export type BoundaryDetector = z.infer<typeof boundarySchema>;

/** After a boundary, none for this many steps: 4 s. */
export const REFRACTORY_STEPS = 8;

/** Width of the range of probabilities over which a boundary takes effect. */
const RAMP = 0.2;

/**
 * How far the music begins anew, 0 … 1: from 0 to 1 within a range around the detector's threshold. It is continuous, so
 * that rounding, which differs between batches, never decides.
 *
 * @param probability from `boundaryProbability`
 */
export function renewalOf({ threshold }: BoundaryDetector, probability: number): number {
  return Math.min(1, Math.max(0, (probability - threshold) / RAMP + 0.5));
}

/** Probability that a new piece began within the last seconds: a logistic regression; 0 shortly after a boundary. */
export function boundaryProbability(
  { bias, weights }: BoundaryDetector,
  { short, long, steps }: SongMeans,
): number {
  const ready = Math.min(1, Math.max(0, steps - REFRACTORY_STEPS));
  if (ready === 0) return 0;
  let sum = bias;
  for (let i = 0; i < weights.length; i++) {
    const difference = short[i]! - long[i]!;
    sum += weights[i]! * (difference * difference);
  }
  return ready / (1 + Math.exp(-sum));
}
