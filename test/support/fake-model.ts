import type { Stepper } from '../../src/model/stepper.ts';
import { type EmotionModel, FORECAST_HORIZONS, type ModelInput, type ModelOutput } from '../../src/types.ts';

/** A model without weights: a leaky mean of the window's energy, so that state and input both show. */
export function fakeModel(): EmotionModel & { steps: number } {
  return {
    name: 'fake',
    engine: 'cpu',
    steps: 0,
    initialState: () => ({ h: new Float32Array(1), c: new Float32Array(1) }),
    step(inputs) {
      return inputs.map((input) => {
        this.steps++;
        return fakeStep(input);
      });
    },
    dispose() {},
  };
}

export function fakeStepper(model: EmotionModel = fakeModel()): Stepper {
  return {
    model,
    step: async (input) => {
      await new Promise((resolve) => setImmediate(resolve));
      return model.step([input])[0]!;
    },
  };
}

function fakeStep({ window, state }: ModelInput): ModelOutput {
  let sum = 0;
  for (const value of window.mel) sum += value;
  const h = 0.9 * state.h![0]! + (0.1 * sum) / window.mel.length;
  const count = state.c![0]! + 1;
  const valence = Math.tanh(h - 1);
  const arousal = Math.tanh(h - 0.5);
  return {
    valence,
    arousal,
    valenceSd: 0.2,
    arousalSd: 0.1 + 1 / (count + 10),
    confidence: 0.5,
    forecast: FORECAST_HORIZONS.map((horizon) => ({
      horizon,
      valence,
      arousal,
      valenceLow: valence - 0.1,
      valenceHigh: valence + 0.1,
      arousalLow: arousal - 0.1,
      arousalHigh: arousal + 0.1,
    })),
    state: { h: Float32Array.of(h), c: Float32Array.of(count) },
  };
}
