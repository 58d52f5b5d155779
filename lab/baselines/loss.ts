import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type { BaselineOutputs } from '../../src/model/kinds/baselines/architecture.ts';
import { type BaselineConfig, baselineShapes } from '../../src/model/kinds/baselines/systems.ts';
import type { SeedExample } from './examples.ts';
import type { Measured } from './initial-weights.ts';

export interface SeedTargets {
  /** [rows, 2] */
  readonly labels: Tensor2D;
  /** [rows, 1] */
  readonly known: Tensor2D;
  /** [rows, CLASS_LOGITS] */
  readonly classes: Tensor2D;
}

/**
 * Mean squared error of both axes. Of a network that says classes: in units of the labels' variance, and besides the mean
 * cross-entropy over the two ways of cutting the circumplex, so that neither drowns the other.
 */
export function seedLoss(
  tf: Tf,
  said: BaselineOutputs,
  { labels, known, classes }: SeedTargets,
  labelVariance: number,
): Scalar {
  const count = tf.maximum(tf.sum(known), 1);
  const errors: Tensor = tf.sum(tf.mul(tf.square(tf.sub(said.emotion, labels)), known));
  const squared = tf.div(errors, tf.mul(2, count));
  if (!said.classes) return squared as Scalar;
  const [quadrants, words] = tf.split<Tensor2D>(said.classes, 2, 1) as [Tensor2D, Tensor2D];
  const logits = tf.concat([tf.logSoftmax(quadrants), tf.logSoftmax(words)], 1);
  const entropy = tf.div(tf.neg(tf.sum(tf.mul(logits, classes))), tf.mul(2, count));
  return tf.add(tf.div(squared, labelVariance), entropy);
}

/** Spread under which an input is taken for constant. */
const SMALLEST_SCALE = 1e-3;
/** Every so many steps of a clip are looked at: neighbours sound alike. */
const STRIDE = 4;

/** Mean and spread of the inputs and of the labels, over the clips that are learned from, as recorded. */
export function measure(
  examples: readonly SeedExample[],
  config: BaselineConfig,
): Measured & { labelVariance: number } {
  const labels = labelMoments(examples);
  // Statistics each have their own, raw clips one for each band; some networks standardise nothing.
  const [width] = baselineShapes(config)['input/mean'] ?? [];
  if (width === undefined) return { ...labels, mean: new Float64Array(0), scale: new Float64Array(0) };
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  const row = new Float32Array(examples[0]!.rowLength);
  let count = 0;
  for (const example of examples) {
    for (let step = 0; step < example.steps; step += STRIDE) {
      example.writeRow(step, row, 0);
      for (let i = 0; i < row.length; i++) {
        sums[i % width]! += row[i]!;
        squares[i % width]! += row[i]! ** 2;
      }
      count += row.length / width;
    }
  }
  const mean = sums.map((sum) => sum / count);
  const scale = squares.map((square, i) =>
    Math.max(SMALLEST_SCALE, Math.sqrt(Math.max(0, square / count - mean[i]! ** 2))),
  );
  return { ...labels, mean, scale };
}

function labelMoments(examples: readonly SeedExample[]) {
  const axis = (offset: number): [mean: number, variance: number] => {
    let [n, sum, squares] = [0, 0, 0];
    for (const { labels } of examples) {
      for (let i = offset; i < labels.length; i += 2) {
        const label = labels[i]!;
        if (Number.isNaN(label)) continue;
        n++;
        sum += label;
        squares += label ** 2;
      }
    }
    const mean = sum / n;
    return [mean, squares / n - mean ** 2];
  };
  const [valence, arousal] = [axis(0), axis(1)];
  return {
    labelMean: [valence[0], arousal[0]] as const,
    labelVariance: Math.max(1e-6, (valence[1] + arousal[1]) / 2),
  };
}
