import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerGradients } from '../../../lab/train/gradients.ts';
import { loadEngine, type Tf } from '../../../src/model/engine.ts';

let tf: Tf;

type Case = readonly [name: string, f: (x: Tensor) => Tensor];

/** Functions of a [2, 4] tensor with values near 1.5. */
const CASES: Case[] = [
  ['add, broadcast', (x) => tf.add(x, tf.sum(x, 0, true))],
  ['sub, broadcast', (x) => tf.sub(tf.sum(x, 1, true), x)],
  ['mul, broadcast', (x) => tf.mul(tf.sum(x, 0), x)],
  ['div', (x) => tf.div(x, tf.add(x, 1))],
  ['matMul', (x) => tf.matMul(x, tf.reshape(x, [4, 2]))],
  ['sigmoid', (x) => tf.sigmoid(x)],
  ['tanh', (x) => tf.tanh(x)],
  ['exp', (x) => tf.exp(x)],
  ['relu', (x) => tf.relu(tf.sub(x, 1.5))],
  ['square', (x) => tf.square(x)],
  ['sum of all', (x) => tf.mul(tf.sum(x), x)],
  ['clip', (x) => tf.clipByValue(x, 1.2, 1.7)],
  ['slice', (x) => tf.slice(x, [0, 1], [-1, 2])],
  ['concat', (x) => tf.concat([x, tf.square(x)], 1)],
  ['split', (x) => tf.mul(...(tf.split(x, 2, 1) as [Tensor, Tensor]))],
];

describe.each(['cpu', 'wasm'] as const)('on %s', (name) => {
  beforeAll(async () => {
    ({ tf } = await loadEngine(name));
    registerGradients(tf);
  });

  test.each(CASES)('the gradient of %s equals its slope', (_, f) => {
    // No value is so close to a kink of relu or clip that the slope is measured across it.
    const at = Float32Array.from({ length: 8 }, (_, i) => 1 + (i + 0.5) / 8);
    // Weighted, so that outputs are not interchangeable.
    const loss = (x: Tensor): Scalar => {
      const y = f(x);
      return tf.sum(tf.mul(y, tf.reshape(tf.range(1, y.size + 1), y.shape))) as Scalar;
    };
    const gradient = tf
      .grad(loss)(tf.tensor2d(at, [2, 4]))
      .dataSync();
    const step = 1e-2;
    for (let i = 0; i < 8; i++) {
      const moved = (by: number) => {
        const values = at.slice();
        values[i]! += by;
        return loss(tf.tensor2d(values, [2, 4])).dataSync()[0]!;
      };
      const slope = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(gradient[i]! - slope)).toBeLessThan(0.02 * Math.max(1, Math.abs(slope)));
    }
  });
});
