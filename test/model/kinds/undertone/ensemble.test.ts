import { describe, expect, it } from 'vitest';
import { Random } from '../../../../lab/train/random.ts';
import { loadEngine } from '../../../../src/model/engine.ts';
import { createEmotionModel } from '../../../../src/model/kinds/undertone/emotion-model.ts';
import { stackEnsemble } from '../../../../src/model/kinds/undertone/ensemble.ts';
import { madeUpModel, madeUpWindow, SMALL_NETWORK } from '../../made-up.ts';

const SEEDS = [1, 2, 3];

describe('a model with an ensemble', async () => {
  const engine = await loadEngine('wasm');
  const files = SEEDS.map((seed) => madeUpModel(seed));
  // The statistics of the inputs are the same for all.
  const shared = {
    'input/mean': files[0]!.weights['input/mean']!,
    'input/scale': files[0]!.weights['input/scale']!,
  };
  const weights = files.map((file) => ({ ...file.weights, ...shared }));
  const alone = files.map((file, i) => createEmotionModel({ ...file, weights: weights[i]! }, engine));
  const together = createEmotionModel(
    { ...files[0]!, network: { ...SMALL_NETWORK, members: SEEDS.length }, weights: stackEnsemble(weights) },
    engine,
  );

  it('predicts the mean, and the mean variance plus the variance of the means', () => {
    const random = new Random(5);
    let states = alone.map((model) => model.initialState());
    let state = together.initialState();
    for (let step = 0; step < 4; step++) {
      const window = madeUpWindow(step, random);
      const outputs = alone.map((model, i) => model.step([{ window, state: states[i]! }])[0]!);
      const joint = together.step([{ window, state }])[0]!;
      states = outputs.map((output) => output.state);
      state = joint.state;
      for (const axis of ['valence', 'arousal'] as const) {
        const values = outputs.map((output) => output[axis]);
        expect(joint[axis]).toBeCloseTo(mean(values), 5);
        const disagreement = mean(values.map((value) => (value - mean(values)) ** 2));
        const variance = mean(outputs.map((output) => output[`${axis}Sd`] ** 2));
        expect(joint[`${axis}Sd`]).toBeCloseTo(Math.sqrt(variance + disagreement), 5);
        expect(disagreement).toBeGreaterThan(1e-6);
        const changes = outputs.map((output) => output.forecast[4]![axis] - output[axis]);
        expect(joint.forecast[4]![axis] - joint[axis]).toBeCloseTo(mean(changes), 5);
      }
    }
  });

  it('stores a single network unchanged', () => {
    expect(stackEnsemble([weights[0]!])).toBe(weights[0]);
  });
});

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
