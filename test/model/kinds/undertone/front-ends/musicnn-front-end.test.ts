import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../../lab/train/random.ts';
import { type Engine, type EngineName, isInstalled, loadEngine } from '../../../../../src/model/engine.ts';
import { createEmotionModel } from '../../../../../src/model/kinds/undertone/emotion-model.ts';
import { INPUTS, loadFrontEnd } from '../../../../../src/model/kinds/undertone/front-ends/index.ts';
import type { NetworkConfig } from '../../../../../src/model/kinds/undertone/network.ts';
import { MODELS_FOLDER } from '../../../../../src/model/load.ts';
import type {
  EmotionModel,
  ModelInput,
  ModelOutput,
  ModelState,
  StepWindow,
} from '../../../../../src/types.ts';
import { expectClose } from '../../../../support/expect-close.ts';
import { madeUpModel, madeUpWindow } from '../../../made-up.ts';

const NETWORK: NetworkConfig = {
  frontEnd: 'musicnn',
  inputs: INPUTS.musicnn,
  projection: 12,
  hidden: 8,
  members: 1,
  leastShare: 1,
};
const engines = (['wasm', 'node'] as EngineName[]).filter(isInstalled);

describe.each(engines)('a model with the music tagger as front end, on %s', (name) => {
  let engine: Engine;
  let model: EmotionModel;

  beforeAll(async () => {
    engine = await loadEngine(name);
    model = createEmotionModel(
      madeUpModel(1, NETWORK),
      engine,
      await loadFrontEnd('musicnn', engine, MODELS_FOLDER),
    );
  });
  afterAll(() => model.dispose());

  test('predicts the same for a stream alone as in a batch, step after step', () => {
    const random = new Random(3);
    let together: ModelOutput[] = [];
    const alone: ModelOutput[] = [];
    for (let step = 0; step < 3; step++) {
      const windows = [0, 1, 2].map(() => madeUpWindow(step, random));
      const input = (i: number, before: ModelOutput | undefined): ModelInput => ({
        window: windows[i]!,
        state: before?.state ?? model.initialState(),
      });
      together = model.step(windows.map((_, i) => input(i, together[i])));
      for (const i of windows.keys()) alone[i] = model.step([input(i, alone[i])])[0]!;
    }
    for (const [i, output] of together.entries()) expectClose(numbersOf(output), numbersOf(alone[i]!), 1e-5);
  });

  test('continues from a serialized state without a difference', () => {
    const random = new Random(4);
    const [first, second] = [madeUpWindow(0, random), madeUpWindow(1, random)];
    const { state } = predict(first, model.initialState());
    const copy = Object.fromEntries(
      Object.entries(state).map(([part, values]) => [part, Float32Array.from(values)]),
    );
    expect(numbersOf(predict(second, copy))).toEqual(numbersOf(predict(second, state)));
    const fresh = predict(second, model.initialState());
    expect(Math.abs(fresh.valence - predict(second, state).valence)).toBeGreaterThan(1e-4);
  });

  test('the state of another model is an error', () => {
    const { h, c } = model.initialState();
    expect(() => predict(madeUpWindow(0, new Random(5)), { h: h!, c: c! })).toThrow(/another model/);
  });

  test('a step leaks no tensor', () => {
    const input = { window: madeUpWindow(0, new Random(7)), state: model.initialState() };
    model.step([input]);
    const before = engine.tf.memory().numTensors;
    model.step([input, input]);
    expect(engine.tf.memory().numTensors).toBe(before);
  });

  function predict(window: StepWindow, state: ModelState): ModelOutput {
    return model.step([{ window, state }])[0]!;
  }
});

function numbersOf({ valence, arousal, valenceSd, arousalSd, confidence, state }: ModelOutput): number[] {
  const states = Object.values(state).flatMap((values) => [...values]);
  return [valence, arousal, valenceSd, arousalSd, confidence, ...states];
}
