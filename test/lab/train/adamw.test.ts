import { beforeAll, expect, test } from 'vitest';
import { AdamW, type AdamWOptions } from '../../../lab/train/adamw.ts';
import { valuesOf } from '../../../lab/train/variables.ts';
import { loadEngine, type Tf } from '../../../src/model/engine.ts';

let tf: Tf;

beforeAll(async () => {
  ({ tf } = await loadEngine('wasm'));
});

function stepped(options: Partial<AdamWOptions>, steps = 1): Record<string, number[]> {
  const variables = {
    'a/kernel': tf.variable(tf.tensor1d([1, -2])),
    'a/bias': tf.variable(tf.tensor1d([3])),
  };
  const adam = new AdamW(tf, variables, { decay: 0, l2: 0, maxNorm: 1e9, ...options });
  for (let i = 0; i < steps; i++) {
    tf.tidy(() => adam.apply({ 'a/kernel': tf.tensor1d([0.5, 0]), 'a/bias': tf.tensor1d([0]) }, 0.1));
  }
  const after = valuesOf(variables);
  adam.dispose();
  tf.dispose(variables);
  return Object.fromEntries(Object.entries(after).map(([name, { values }]) => [name, [...values]]));
}

test('the first step is as long as the learning rate, whatever the gradient', () => {
  expect(stepped({})['a/kernel']![0]).toBeCloseTo(0.9, 4);
});

test('weight decay shrinks kernels but not biases', () => {
  const decayed = stepped({ decay: 0.5 });
  expect(decayed['a/kernel']![1]).toBeCloseTo(-2 * (1 - 0.1 * 0.5), 5);
  expect(decayed['a/bias']).toEqual([3]);
});

test('L2 goes through the moments: a kernel without gradient moves by a whole step towards 0', () => {
  const penalized = stepped({ l2: 0.01 });
  expect(penalized['a/kernel']![1]).toBeCloseTo(-1.9, 4);
  expect(penalized['a/bias']).toEqual([3]);
});

test('continues from a restored state with the same numbers', () => {
  const run = (breakAt: number | undefined) => {
    let variables = { 'a/kernel': tf.variable(tf.tensor1d([1, -2])) };
    let adam = new AdamW(tf, variables, { decay: 0.1, l2: 0.01, maxNorm: 1 });
    for (let i = 0; i < 6; i++) {
      if (i === breakAt) {
        const state = structuredClone(adam.state);
        const { values } = structuredClone(valuesOf(variables))['a/kernel']!;
        variables = { 'a/kernel': tf.variable(tf.tensor1d(values)) };
        adam = new AdamW(tf, variables, { decay: 0.1, l2: 0.01, maxNorm: 1 });
        adam.state = state;
      }
      tf.tidy(() => adam.apply({ 'a/kernel': tf.tensor1d([Math.sin(i), Math.cos(i)]) }, 0.05));
    }
    return [...valuesOf(variables)['a/kernel']!.values];
  };
  expect(run(3)).toEqual(run(undefined));
});
