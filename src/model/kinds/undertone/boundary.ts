import { z } from 'zod';
import type { ModelState } from '../../../types.ts';
import { INPUT_LIMIT } from './network.ts';

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

/** Share of the newest inputs in the short mean: about 1.5 s. */
const SHORT_SHARE = 1 / 3;
/** Least share of the newest inputs in the mean since the last boundary: about 20 s. */
const LONG_SHARE = 1 / 40;
/** After a boundary, none for this many steps: 4 s. */
export const REFRACTORY_STEPS = 8;

/**
 * A row of inputs in standard deviations from their mean, as the network standardizes it.
 *
 * @param mean [inputs] the tensor `input/mean`; `scale` likewise
 */
export function standardizeRow(row: Float32Array, mean: Float32Array, scale: Float32Array): Float32Array {
  const standardized = new Float32Array(row.length);
  standardizeInto(standardized, row, mean, scale);
  return standardized;
}

/** The same for several rows, into an array that there is. @param rows [rows, inputs] */
export function standardizeInto(
  standardized: Float32Array,
  rows: Float32Array,
  mean: Float32Array,
  scale: Float32Array,
): void {
  // Loops here and below, because callbacks for each of a thousand inputs took a tenth of a step's time.
  for (let at = 0; at < rows.length; at += mean.length) {
    for (let i = 0; i < mean.length; i++) {
      const z = (rows[at + i]! - mean[i]!) / scale[i]!;
      standardized[at + i] = z > INPUT_LIMIT ? INPUT_LIMIT : z < -INPUT_LIMIT ? -INPUT_LIMIT : z;
    }
  }
}

/** Statistics of one stream's standardized inputs. */
export interface BoundaryState {
  /** [inputs] leaky mean over about 1.5 s. */
  readonly short: Float32Array;
  /** [inputs] mean since the last boundary. */
  readonly long: Float32Array;
  /** Steps since the last boundary, or since the stream began. */
  readonly steps: number;
}

export function initialBoundary(inputs: number): BoundaryState {
  return { short: new Float32Array(inputs), long: new Float32Array(inputs), steps: 0 };
}

/** The state after a step. @param row [inputs] standardized */
export function nextBoundary({ short, long, steps }: BoundaryState, row: Float32Array): BoundaryState {
  const shortShare = Math.max(1 / (steps + 1), SHORT_SHARE);
  const longShare = Math.max(1 / (steps + 1), LONG_SHARE);
  return { short: moved(short, row, shortShare), long: moved(long, row, longShare), steps: steps + 1 };
}

/** Each mean, moved towards the value by a share of their distance. */
function moved(means: Float32Array, values: Float32Array, share: number): Float32Array {
  const next = new Float32Array(means.length);
  for (let i = 0; i < means.length; i++) next[i] = means[i]! + share * (values[i]! - means[i]!);
  return next;
}

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

/** The state after a renewal: 0 leaves it as it is, 1 begins a new piece, of which only the newest inputs are known. */
export function renewed(state: BoundaryState, renewal: number): BoundaryState {
  if (renewal === 0) return state;
  const { short, long, steps } = state;
  return {
    short,
    long: moved(long, short, renewal),
    steps: steps + renewal * (1 - steps),
  };
}

/** Probability that a new piece began within the last seconds: a logistic regression; 0 shortly after a boundary. */
export function boundaryProbability({ bias, weights }: BoundaryDetector, state: BoundaryState): number {
  const ready = Math.min(1, Math.max(0, state.steps - REFRACTORY_STEPS));
  if (ready === 0) return 0;
  const { short, long } = state;
  let sum = bias;
  for (let i = 0; i < weights.length; i++) {
    const difference = short[i]! - long[i]!;
    sum += weights[i]! * (difference * difference);
  }
  return ready / (1 + Math.exp(-sum));
}

/** As part of a stream's state: [2 · inputs + 1]. */
export function boundaryState({ short, long, steps }: BoundaryState): ModelState {
  const boundary = new Float32Array(2 * short.length + 1);
  boundary.set(short);
  boundary.set(long, short.length);
  boundary[2 * short.length] = steps;
  return { boundary };
}

/** The reverse; undefined if the state is from another model. */
export function boundaryOf({ boundary }: ModelState, inputs: number): BoundaryState | undefined {
  if (boundary?.length !== 2 * inputs + 1) return undefined;
  return {
    short: boundary.subarray(0, inputs),
    long: boundary.subarray(inputs, 2 * inputs),
    steps: boundary[2 * inputs]!,
  };
}
