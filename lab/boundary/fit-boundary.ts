import type { Scalar, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import {
  type BoundaryDetector,
  boundaryProbability,
  REFRACTORY_STEPS,
} from '../../src/model/kinds/undertone/boundary.ts';
import { initialMeans, nextMeans, renewed } from '../../src/model/kinds/undertone/song-means.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import { AdamW } from '../train/adamw.ts';
import { registerGradients } from '../train/gradients.ts';

/** A sequence of songs as the detector sees it. */
export interface BoundaryExample {
  /** [inputs] standardized, of each step. */
  readonly rows: readonly Float32Array[];
  /** In seconds. */
  readonly boundaries: readonly number[];
}

/** A boundary should be detected at the steps that end between these times after it, in seconds. */
const EARLIEST = 0.5;
const LATEST = 3;
/** A detection counts if it is within this of a boundary, in seconds. */
const TOLERANCE = 3;
const ROUNDS = 400;
const LEARNING_RATE = 0.02;
/** L2 penalty of the weights. */
const PENALTY = 1e-3;
const THRESHOLDS = Array.from({ length: 17 }, (_, i) => 0.1 + 0.05 * i);

/** Fits the detector; its threshold is the one with the best F1 on the same sequences. */
export function fitBoundary(tf: Tf, examples: readonly BoundaryExample[]): BoundaryDetector {
  registerGradients(tf);
  const inputs = examples[0]!.rows[0]!.length;
  const steps = examples.flatMap((example) => [...trainingSteps(example)]);
  const differences = new Float32Array(steps.length * inputs);
  for (const [i, { squares }] of steps.entries()) differences.set(squares, i * inputs);
  const x = tf.tensor2d(differences, [steps.length, inputs]);
  const y = tf.tensor1d(steps.map(({ positive }) => (positive ? 1 : 0)));
  const variables: Record<string, Variable> = {
    weights: tf.tidy(() => tf.variable(tf.zeros([inputs, 1]))),
    bias: tf.tidy(() => tf.variable(tf.tensor1d([-3]))),
  };
  const optimizer = new AdamW(tf, variables, { decay: 0, l2: PENALTY, maxNorm: 10 });
  for (let round = 0; round < ROUNDS; round++) {
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => brierScore(tf, x, y, variables), Object.values(variables));
      const named = Object.entries(variables).map(([name, { name: id }]) => [name, grads[id]!]);
      optimizer.apply(Object.fromEntries(named), LEARNING_RATE);
    });
  }
  const weights = [...(variables.weights!.dataSync() as Float32Array)].map((w) => Number(w.toPrecision(5)));
  const bias = Number((variables.bias!.dataSync() as Float32Array)[0]!.toPrecision(5));
  optimizer.dispose();
  tf.dispose([x, y, ...Object.values(variables)]);
  const scored = THRESHOLDS.map((threshold) => {
    const detector = { bias, weights, threshold: Number(threshold.toFixed(2)) };
    return { detector, f1: scoreBoundaries(detector, examples).f1 };
  });
  return scored.reduce((best, one) => (one.f1 > best.f1 ? one : best)).detector;
}

/** Mean squared distance of the probabilities (Brier 1950), which limits the influence of mislabeled steps. */
function brierScore(tf: Tf, x: Tensor2D, y: Tensor1D, { weights, bias }: Record<string, Variable>): Scalar {
  const logits = tf.add(tf.reshape(tf.matMul(x, weights as unknown as Tensor2D), [-1]), bias!);
  return tf.mean(tf.square(tf.sub(y, tf.sigmoid(logits))));
}

/** The squared differences at each step, with the state after known boundaries. */
function* trainingSteps({ rows, boundaries }: BoundaryExample) {
  let state = initialMeans(rows[0]!.length);
  let passed = 0;
  for (const [step, row] of rows.entries()) {
    const seconds = STEP_SECONDS * (step + 1);
    state = nextMeans(state, row);
    const since = passed < boundaries.length ? seconds - boundaries[passed]! : Number.NEGATIVE_INFINITY;
    if (state.steps > REFRACTORY_STEPS && (since < 0 || since >= EARLIEST)) {
      const squares = state.short.map((mean, i) => (mean - state.long[i]!) ** 2);
      yield { squares, positive: since >= EARLIEST };
    }
    if (since < LATEST) continue;
    state = renewed(state, 1);
    passed++;
  }
}

/** The times of a detector's boundaries in a sequence, in seconds. */
export function detectBoundaries(detector: BoundaryDetector, rows: readonly Float32Array[]): number[] {
  let state = initialMeans(rows[0]!.length);
  const found: number[] = [];
  for (const [step, row] of rows.entries()) {
    state = nextMeans(state, row);
    if (boundaryProbability(detector, state) < detector.threshold) continue;
    found.push(STEP_SECONDS * (step + 1));
    state = renewed(state, 1);
  }
  return found;
}

export interface BoundaryScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Median of the detected boundaries, in seconds. */
  readonly delay: number;
}

/** Matches each boundary with the first detection up to TOLERANCE seconds around it. */
export function scoreBoundaries(
  detector: BoundaryDetector,
  examples: readonly BoundaryExample[],
): BoundaryScore {
  let [detections, boundaryCount] = [0, 0];
  const delays: number[] = [];
  for (const { rows, boundaries } of examples) {
    const left = detectBoundaries(detector, rows);
    detections += left.length;
    boundaryCount += boundaries.length;
    for (const boundary of boundaries) {
      const i = left.findIndex((time) => Math.abs(time - boundary) <= TOLERANCE);
      if (i >= 0) delays.push(left.splice(i, 1)[0]! - boundary);
    }
  }
  delays.sort((a, b) => a - b);
  const precision = detections > 0 ? delays.length / detections : 0;
  const recall = boundaryCount > 0 ? delays.length / boundaryCount : 0;
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, f1, delay: delays[Math.floor(delays.length / 2)] ?? Number.NaN };
}
