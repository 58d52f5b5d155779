import { expect, it } from 'vitest';
import { unrollSpeech } from '../../../lab/activity/fit-speech.ts';
import { Random } from '../../../lab/train/random.ts';
import { SpeechNetwork } from '../../../src/model/activity/speech-network.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { expectClose } from '../../support/expect-close.ts';
import { madeUpActivity } from './made-up.ts';

const STEPS = 12;

it('computes by kernels what training computes with tensors', async () => {
  const { tf } = await loadEngine('wasm');
  const { network: config, weights } = madeUpActivity();
  const random = new Random(3);
  // Also beyond the input limit, where both must clip.
  const rows = Float32Array.from({ length: STEPS * config.inputs }, () => 4 * random.normal());
  const wanted = tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
    );
    const x = tf.tensor2d(rows, [STEPS, config.inputs]);
    return unrollSpeech(tf, tensors, config, x, 1).dataSync() as Float32Array;
  });

  const network = new SpeechNetwork(config, weights);
  const memory = { h: new Float32Array(config.hidden), c: new Float32Array(config.hidden) };
  const computed = Array.from({ length: STEPS }, (_, step) =>
    network.step(rows.subarray(step * config.inputs, (step + 1) * config.inputs), memory),
  );
  expectClose(computed, wanted, 1e-4);
  expect(Math.max(...computed) - Math.min(...computed)).toBeGreaterThan(0.1);
});
