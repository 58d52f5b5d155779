import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerGradients } from '../../../lab/train/gradients.ts';
import { Random } from '../../../lab/train/random.ts';
import { type Engine, isInstalled, loadEngine } from '../../../src/model/engine.ts';
import { type Recorded, type RecordedStep, recordFirstStep } from './recorded-tape.ts';
import { TRAINING_STEPS } from './training-steps.ts';

/** The convolutional baselines cannot be trained on wasm, which lacks the operations (learning.test.ts). */
const NOT_ON_WASM = ['seed-c', 'cnn'];

const ENGINES = (['cpu', 'wasm', 'node'] as const).filter(isInstalled);

describe.each(ENGINES)('on %s', (name) => {
  const names = Object.keys(TRAINING_STEPS).filter((net) => name !== 'wasm' || !NOT_ON_WASM.includes(net));
  const steps = new Map<string, Promise<RecordedStep>>();
  let engine: Engine;

  beforeAll(async () => {
    engine = await loadEngine(name);
    registerGradients(engine.tf);
  });

  async function recorded(net: string): Promise<RecordedStep> {
    if (!steps.has(net)) steps.set(net, recordFirstStep(engine, TRAINING_STEPS[net]!));
    return steps.get(net)!;
  }

  test.each(names)('the gradient of the loss of %s equals its slope for every variable', async (net) => {
    const { slopes } = await recorded(net);
    expect(slopes.length).toBeGreaterThan(1);
    for (const { variable, gradient, measured } of slopes) {
      expect(gradient, variable).toBeGreaterThan(0); // every variable is trained
      expect(Math.abs(gradient - measured), variable).toBeLessThan(0.04 * gradient + 2e-4); // kinks of ReLU and pooling
    }
  });

  test('every operation that a loss depends on has a gradient that equals its slope', async () => {
    const all = await Promise.all(names.map(recorded));
    const operations = all.flatMap((step) => step.operations);
    const needed = operations.filter(({ needsGradient }) => needsGradient);
    const distinct = new Map(needed.map((op) => [JSON.stringify([op.kernel, op.shapes, op.attributes]), op]));
    expect(new Set(needed.map(({ kernel }) => kernel)).size).toBeGreaterThan(15);
    for (const [described, operation] of distinct) {
      expect(engine.tf.getGradient(operation.kernel), described).toBeDefined();
      expect(slopeError(engine, operation), described).toBeLessThan(0.01);
    }
  });
});

/** Inputs at which the slope is measured: further from kinks and poles than the step of the difference. */
const VALUES: Readonly<Record<string, (random: Random, i: number) => number>> = {
  RealDiv: positive,
  Sqrt: positive,
  ClipByValue: (random) => random.below(16) - 7.75, // on both sides of the bounds ±5
  MaxPool: (_, i) => ((i * 7919) % 100_003) / 100, // all different
};

/** Multiples of 0.1 except 0. */
function anySign(random: Random): number {
  return (random.below(40) - 19.5) / 10;
}

function positive(random: Random): number {
  return random.between(0.5, 2);
}

/**
 * The difference between gradient and slope of one operation along a random direction of all its inputs, in units of
 * the gradient's length.
 */
function slopeError({ tf }: Engine, { kernel, inputs, shapes, attributes }: Recorded): number {
  const random = new Random(3);
  const draw = VALUES[kernel] ?? anySign;
  const keys = Object.keys(inputs);
  const values = shapes.map((shape) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => draw(random, i)),
  );
  const run = (...tensors: Tensor[]): Tensor[] => {
    const named = Array.isArray(inputs)
      ? tensors
      : Object.fromEntries(keys.map((key, i) => [key, tensors[i]!]));
    return [tf.engine().runKernel(kernel, named as NamedTensorMap, attributes as NamedAttrMap)].flat();
  };
  const tensorsOf = (all: Float32Array[]) => all.map((part, i) => tf.tensor(part, [...shapes[i]!]));
  return tf.tidy(() => {
    // Weighted, so that outputs are not interchangeable.
    const weights = run(...tensorsOf(values)).map(({ size }) =>
      Float32Array.from({ length: size }, () => random.normal()),
    );
    const gradients = tf.grads((...tensors) =>
      run(...tensors)
        .map((output, i) => tf.sum(tf.mul(output, tf.tensor(weights[i]!, output.shape))))
        .reduce((sum, part) => tf.add(sum, part)),
    )(tensorsOf(values));
    const signs = values.map((part) => part.map(() => (random.chance(0.5) ? 1 : -1)));
    const step = 1e-2;
    const sumAt = (by: number): number => {
      const moved = values.map((part, i) => part.map((x, k) => x + by * signs[i]![k]!));
      const outputs = run(...tensorsOf(moved)).map((output) => output.dataSync());
      return outputs.reduce((sum, output, i) => sum + dot(output, weights[i]!), 0);
    };
    const measured = (sumAt(step) - sumAt(-step)) / (2 * step);
    const all = gradients.map((gradient) => gradient.dataSync());
    const along = all.reduce((sum, gradient, i) => sum + dot(gradient, signs[i]!), 0);
    const length = Math.sqrt(all.reduce((sum, gradient) => sum + dot(gradient, gradient), 0));
    return Math.abs(along - measured) / length;
  });
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
