import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../../../lab/train/random.ts';
import { unroll } from '../../../../lab/train/unroll.ts';
import { type Engine, loadEngine } from '../../../../src/model/engine.ts';
import { createEmotionModel } from '../../../../src/model/kinds/undertone/emotion-model.ts';
import { createNetwork } from '../../../../src/model/kinds/undertone/network.ts';
import { framesReceived, Summary } from '../../../../src/model/summary.ts';
import type { EmotionModel, ModelInput, ModelOutput } from '../../../../src/types.ts';
import { UserError } from '../../../../src/user-error.ts';
import { madeUpModel, madeUpWindow, SMALL_NETWORK } from '../../made-up.ts';

let engine: Engine;
let model: EmotionModel;

beforeAll(async () => {
  engine = await loadEngine('wasm');
  model = createEmotionModel(madeUpModel(), engine);
});
afterAll(() => model.dispose());

function numbersOf({ state, forecast, ...now }: ModelOutput): number[] {
  return [
    ...Object.values(now),
    ...forecast.flatMap((f) => Object.values<number>({ ...f })),
    ...Object.values(state).flatMap((values) => [...values]),
  ];
}

function expectClose(a: readonly number[], b: readonly number[]): void {
  expect(a.length).toBe(b.length);
  for (const [i, x] of a.entries()) expect(Math.abs(x - b[i]!)).toBeLessThan(1e-5);
}

test('predicts the same for a stream alone as at any position in a batch', () => {
  const random = new Random(3);
  const inputs: ModelInput[] = Array.from({ length: 7 }, (_, i) => ({
    window: madeUpWindow(i, random),
    state: {
      ...model.initialState(),
      h: Float32Array.from({ length: 8 }, () => random.between(-1, 1)),
      c: Float32Array.from({ length: 8 }, () => random.between(-2, 2)),
    },
  }));
  const together = model.step(inputs);
  for (const [i, input] of inputs.entries()) {
    const [alone] = model.step([input]);
    expectClose(numbersOf(alone!), numbersOf(together[i]!));
  }
});

test('step by step predicts the same as one run over the whole sequence, as in training', () => {
  const random = new Random(4);
  const windows = Array.from({ length: 12 }, (_, step) => madeUpWindow(step, random));
  const predicted: number[] = [];
  let state = model.initialState();
  for (const window of windows) {
    const [output] = model.step([{ window, state }]);
    predicted.push(output!.valence, output!.arousal);
    state = output!.state;
  }

  const { tf } = engine;
  const { weights } = madeUpModel();
  const summary = new Summary();
  const width = SMALL_NETWORK.inputs;
  const summaries = new Float32Array(windows.length * width);
  for (const [i, { mel, step }] of windows.entries()) {
    summary.write(mel, framesReceived(step), summaries, i * width);
  }
  const atOnce = tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
    );
    const network = createNetwork(tf, tensors, SMALL_NETWORK);
    const z = network.standardize(tf.tensor2d(summaries, [windows.length, width]));
    return [...unroll(tf, network, z, 1, SMALL_NETWORK.hidden).emotion.dataSync()];
  });
  expectClose(predicted, atOnce);
});

test('different states give different predictions', () => {
  const window = madeUpWindow(10, new Random(5));
  const [fresh] = model.step([{ window, state: model.initialState() }]);
  const [later] = model.step([{ window, state: fresh!.state }]);
  expect(Math.abs(later!.valence - fresh!.valence)).toBeGreaterThan(1e-3);
});

test('outputs are within their ranges', () => {
  const random = new Random(6);
  const inputs = Array.from({ length: 32 }, (_, i) => ({
    window: madeUpWindow(i, random),
    state: model.initialState(),
  }));
  for (const output of model.step(inputs)) {
    expect(Math.abs(output.valence)).toBeLessThanOrEqual(1);
    expect(Math.abs(output.arousal)).toBeLessThanOrEqual(1);
    expect(output.valenceSd).toBeGreaterThan(0);
    expect(output.confidence).toBeGreaterThanOrEqual(0);
    expect(output.confidence).toBeLessThanOrEqual(1);
    expect(output.forecast.map((f) => f.horizon)).toEqual([0.5, 1, 2, 5, 10]);
    for (const f of output.forecast) {
      expect(f.valenceLow).toBeLessThanOrEqual(f.valence);
      expect(f.valenceHigh).toBeGreaterThanOrEqual(f.valence);
      expect(f.arousalLow).toBeGreaterThanOrEqual(-1);
      expect(f.arousalHigh).toBeLessThanOrEqual(1);
    }
  }
});

test('a step leaks no tensor', () => {
  const input = { window: madeUpWindow(3, new Random(7)), state: model.initialState() };
  model.step([input]);
  const before = engine.tf.memory().numTensors;
  for (let i = 0; i < 5; i++) model.step([input, input]);
  expect(engine.tf.memory().numTensors).toBe(before);
});

test('the state of another model is an error', () => {
  const foreign = { h: new Float32Array(3), c: new Float32Array(3) };
  expect(() => model.step([{ window: madeUpWindow(0, new Random(1)), state: foreign }])).toThrow(UserError);
});

test('no inputs, no outputs', () => {
  expect(model.step([])).toEqual([]);
});
