import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerGradients } from '../../../../lab/train/gradients.ts';
import { Random } from '../../../../lab/train/random.ts';
import { type Engine, loadEngine, type Tf } from '../../../../src/model/engine.ts';
import type { BaselineMemory } from '../../../../src/model/kinds/baselines/architecture.ts';
import { lstmSequence } from '../../../../src/model/kinds/baselines/lstm.ts';
import {
  baselineShapes,
  createBaselineNetwork,
  memoryLengths,
  rowMaker,
} from '../../../../src/model/kinds/baselines/systems.ts';
import {
  BASELINE_NAMES,
  madeUpBaselineWeights,
  SMALL_CONFIGS,
} from '../../../lab/baselines/made-up-baseline.ts';

const STEPS = 5;
const STREAMS = 3;

let engine: Engine;
let tf: Tf;
beforeAll(async () => {
  engine = await loadEngine('wasm');
  ({ tf } = engine);
});

describe.each(BASELINE_NAMES)('%s', (name) => {
  const config = SMALL_CONFIGS[name];

  function network() {
    const weights = Object.entries(madeUpBaselineWeights(config)).map(([key, { shape, values }]) => [
      key,
      tf.tensor(values, [...shape]),
    ]);
    return createBaselineNetwork(tf, Object.fromEntries(weights), config);
  }
  const fresh = (streams: number): BaselineMemory =>
    Object.fromEntries(
      Object.entries(memoryLengths(config)).map(([key, length]) => [key, tf.zeros([streams, length])]),
    );
  const input = (streams: number): Tensor2D => {
    const { length } = rowMaker(config);
    const random = new Random(5);
    return tf.tensor2d(
      Float32Array.from({ length: STEPS * streams * length }, () => 2 * random.next()),
      [STEPS * streams, length],
    );
  };
  const stepsOf = (x: Tensor2D): Tensor2D[] => tf.split(x, STEPS, 0);

  test('predicts the same step by step as unrolled', () => {
    tf.tidy(() => {
      const net = network();
      const x = input(STREAMS);
      const unrolled = net.unroll(x, STREAMS).outputs;
      let memory = fresh(STREAMS);
      const byStep = stepsOf(x).map((row) => {
        const { outputs, memory: next } = net.step(row, memory);
        expect(Object.keys(next).sort()).toEqual(Object.keys(memory).sort());
        memory = next;
        return outputs;
      });
      near(
        tf.concat(
          byStep.map(({ emotion }) => emotion),
          0,
        ),
        unrolled.emotion,
      );
      if (unrolled.classes) {
        near(
          tf.concat(
            byStep.map(({ classes }) => classes!),
            0,
          ),
          unrolled.classes,
        );
      }
      const predicted = unrolled.emotion.dataSync();
      expect(Math.abs(predicted[0]! - predicted[STREAMS * 2]!)).toBeGreaterThan(1e-4); // not a constant
    });
  });

  test('predicts the same for a stream alone as in a batch', () => {
    tf.tidy(() => {
      const net = network();
      const x = input(STREAMS);
      const all = tf.reshape(net.unroll(x, STREAMS).outputs.emotion, [STEPS, STREAMS, 2]);
      const { length } = rowMaker(config);
      const second = tf.slice(tf.reshape(x, [STEPS, STREAMS, length]), [0, 1, 0], [-1, 1, -1]);
      const alone = net.unroll(tf.reshape(second, [STEPS, length]), 1).outputs.emotion;
      near(alone, tf.reshape(tf.slice(all, [0, 1, 0], [-1, 1, -1]), [STEPS, 2]));
    });
  });

  test('uses every array of its shapes and no other', () => {
    const used = new Set<string>();
    tf.tidy(() => {
      const tensors = Object.fromEntries(
        Object.entries(baselineShapes(config)).map(([key, shape]) => [key, tf.ones([...shape])]),
      );
      const watched = new Proxy(tensors, {
        get(target, key: string) {
          used.add(key);
          return target[key];
        },
      });
      createBaselineNetwork(tf, watched, config).unroll(input(1), 1);
    });
    expect([...used].sort()).toEqual(Object.keys(baselineShapes(config)).sort());
  });
});

test('a transformer with a full memory predicts from the newest steps', () => {
  const config = { ...SMALL_CONFIGS['seed-b-transformer'], layers: 1 } as const;
  tf.tidy(() => {
    const weights = Object.entries(madeUpBaselineWeights(config)).map(([key, { shape, values }]) => [
      key,
      tf.tensor(values, [...shape]),
    ]);
    const net = createBaselineNetwork(tf, Object.fromEntries(weights), config);
    const random = new Random(9);
    const rows = Array.from({ length: 8 }, () =>
      tf.tensor2d(
        Float32Array.from({ length: 5632 }, () => random.next()),
        [1, 5632],
      ),
    );
    let memory: BaselineMemory = { past: tf.zeros([1, 5 * 8]), count: tf.zeros([1, 1]) };
    let predicted: Tensor = tf.zeros([1, 2]);
    for (const row of rows)
      ({
        outputs: { emotion: predicted },
        memory,
      } = net.step(row, memory));
    const whole = net.unroll(tf.concat(rows.slice(3), 0), 1).outputs.emotion;
    near(predicted, tf.slice(whole, [4, 0], [1, 2]));
  });
});

test.each(['wasm', 'cpu'] as const)(
  'the handwritten gradient of the LSTM equals the automatic one, on %s',
  async (name) => {
    const { tf: own } = await loadEngine(name);
    registerGradients(own);
    own.tidy(() => {
      const [modules, steps, streams, hidden] = [2, 4, 3, 5];
      const random = new Random(2);
      const tensor = (...shape: [number, number, number]): Tensor3D =>
        own.tensor3d(
          Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () => random.normal()),
          shape,
        );
      const gates = tensor(modules, steps * streams, 4 * hidden);
      const kernel = tensor(modules, hidden, 4 * hidden);
      const before = { h: tensor(modules, streams, hidden), c: tensor(modules, streams, hidden) };
      const pull = tensor(modules, steps * streams, hidden);
      const written = own.grads((x, u) =>
        own.sum(own.mul(pull, lstmSequence(own, x as Tensor3D, u as Tensor3D, steps, before).h)),
      )([gates, kernel]);
      const plain = own.grads((x, u) => {
        let { h, c }: { h: Tensor; c: Tensor } = before;
        const hs = own.split(x as Tensor3D, steps, 1).map((sum) => {
          const whole = own.add(sum, own.matMul(h, u as Tensor3D)) as Tensor3D;
          const [i, f, o, g] = own.split(whole, 4, 2) as [Tensor, Tensor, Tensor, Tensor];
          c = own.add(own.mul(own.sigmoid(f), c), own.mul(own.sigmoid(i), own.tanh(g)));
          h = own.mul(own.sigmoid(o), own.tanh(c));
          return h;
        });
        return own.sum(own.mul(pull, own.concat(hs, 1)));
      })([gates, kernel]);
      for (const [i, gradient] of written.entries()) near(gradient, plain[i]!);
    });
    await loadEngine('wasm');
  },
);

function near(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const [a, b] = [actual.dataSync(), expected.dataSync()];
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  expect(most).toBeLessThan(1e-5);
}
