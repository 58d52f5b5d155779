import { describe, expect, it } from 'vitest';
import { ENGINE_NAMES, type EngineName, isInstalled, loadEngine, type Tf } from '../../src/model/engine.ts';

/**
 * Runs the operations of the models on the same pseudo-random numbers on every engine. Native engines are included
 * if they are installed.
 */
describe('all engines give the same numbers', () => {
  const others = ENGINE_NAMES.filter((name) => name !== 'cpu' && isInstalled(name));

  it.each(others)('%s agrees with cpu on a recurrent network to 1e-4', async (name) => {
    expect(await largestDifference(name, recurrentNetwork)).toBeLessThan(1e-4);
  });

  it.each(others)('%s agrees with cpu on a convolutional network to 1e-4', async (name) => {
    expect(await largestDifference(name, convolutionalNetwork)).toBeLessThan(1e-4);
  });
});

type Network = (tf: Tf) => Float32Array;

async function largestDifference(name: EngineName, network: Network): Promise<number> {
  const [expected, actual] = [await run('cpu', network), await run(name, network)];
  expect(actual.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
}

async function run(name: EngineName, network: Network): Promise<Float32Array> {
  const { tf } = await loadEngine(name);
  return network(tf);
}

/** Twenty steps of LSTM 48 → dense 2 on a batch of 3, h and c passed along. */
function recurrentNetwork(tf: Tf): Float32Array {
  const random = numbers(1);
  const hidden = 48;
  return tf.tidy(() => {
    const kernel = tf.tensor2d(random(80 * 4 * hidden, 0.2), [80, 4 * hidden]);
    const bias = tf.tensor1d(random(4 * hidden, 0.1));
    const dense = tf.tensor2d(random(hidden * 2, 0.3), [hidden, 2]);
    let h = tf.zeros([3, hidden]) as ReturnType<Tf['tensor2d']>;
    let c = h;
    const outputs = [];
    for (let step = 0; step < 20; step++) {
      const x = tf.tensor2d(random(3 * 32, 2), [3, 32]);
      const [i, f, g, o] = tf.split(tf.add(tf.matMul(tf.concat([x, h], 1), kernel), bias), 4, 1);
      c = tf.add(tf.mul(tf.sigmoid(f!), c), tf.mul(tf.sigmoid(i!), tf.tanh(g!)));
      h = tf.mul(tf.sigmoid(o!), tf.tanh(c));
      outputs.push(tf.tanh(tf.matMul(h, dense)));
    }
    return tf.concat(outputs).dataSync() as Float32Array;
  });
}

/** Convolution → ReLU → batch normalization → maximum over frequency, then moments over time and softmax. */
function convolutionalNetwork(tf: Tf): Float32Array {
  const random = numbers(2);
  return tf.tidy(() => {
    const mel = tf.tensor4d(random(2 * 31 * 24, 3), [2, 31, 24, 1]);
    const filters = tf.tensor4d(random(7 * 9 * 16, 0.3), [7, 9, 1, 16]);
    const vectors = [0, 1, 2].map(() => tf.tensor1d(random(16, 1)));
    const variance = tf.tensor1d(random(16, 0.5).map((v) => v + 0.7));
    const convolved = tf.relu(tf.conv2d(mel, filters, 1, 'valid'));
    const [mean, offset, scale] = vectors;
    const normalized = tf.batchNorm(convolved, mean!, variance, offset!, scale!, 1e-3);
    const overFrequency = tf.max(normalized, 2);
    const { mean: average, variance: spread } = tf.moments(overFrequency, 1);
    return tf.concat([average, spread, tf.softmax(tf.max(overFrequency, 1))], 1).dataSync() as Float32Array;
  });
}

/** A small generator (mulberry32) of numbers in ±scale / 2. */
function numbers(seed: number): (count: number, scale: number) => Float32Array {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return (count, scale) => Float32Array.from({ length: count }, () => (next() - 0.5) * scale);
}
