import { expect, test } from 'vitest';
import { BaselineFit } from '../../../lab/baselines/fit.ts';
import { fitBaseline } from '../../../lab/baselines/fit-baseline.ts';
import { type BaselinePrediction, predictBaseline } from '../../../lab/baselines/predict.ts';
import { OWN_RECIPE, RECIPES, type Recipe } from '../../../lab/baselines/recipes.ts';
import { pooledRmse, scoresOf } from '../../../lab/evaluate/score.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { BASELINE_NAMES, type BaselineName, SMALL_CONFIGS } from './made-up-baseline.ts';
import { plantedExamples } from './planted.ts';

const BRIEF = {
  epochs: 12,
  patience: 12,
  learningRate: 0.03,
  schedule: 'constant',
  warmUp: 0,
  streams: 8,
  dropout: 0,
} as const;

/** Slow networks train on less data, others a little longer. */
const OWN_BRIEF: Partial<Record<BaselineName, Partial<Recipe> & { count?: number; steps?: number }>> = {
  'seed-a': { streams: 16, epochs: 5, learningRate: 0.05 },
  'seed-a-carried': { streams: 16, epochs: 5, learningRate: 0.05 },
  'seed-c': { streams: 4, count: 24, steps: 4 },
  cnn: { streams: 4, count: 48, steps: 2, epochs: 6, schedule: 'cosine', warmUp: 0.1 },
  lstm: { epochs: 20, schedule: 'cosine', warmUp: 0.1 },
};

test.each(BASELINE_NAMES)('%s learns a planted rule', async (name) => {
  const config = SMALL_CONFIGS[name];
  const engine = await loadEngine(config.architecture === 'cnn' ? 'cpu' : 'wasm');
  const { count, steps, ...own } = OWN_BRIEF[name] ?? {};
  const recipe: Recipe = { ...RECIPES[OWN_RECIPE[name]], ...BRIEF, ...own };
  const validation = plantedExamples(config, 24, 2, steps);
  const fitted = await fitBaseline({
    engine,
    config,
    recipe,
    seed: 1,
    examples: plantedExamples(config, count ?? 48, 1, steps),
    validation,
  });
  const predicted = predictBaseline(engine.tf, config, fitted!.weights, validation);
  expect(pooledRmse(scoresOf(predicted))).toBeLessThan(0.2); // a constant has 0.46
  if (predicted[0]!.classes) expect(quadrantAccuracy(predicted)).toBeGreaterThan(0.7);
});

test('the same seed gives the same weights, another seed different ones', async () => {
  const engine = await loadEngine('wasm');
  const config = SMALL_CONFIGS['seed-a'];
  const examples = plantedExamples(config, 12);
  const weightsOf = async (seed: number) => {
    const fit = new BaselineFit(engine, examples, {
      config,
      recipe: { ...RECIPES['paper-a'], streams: 16 },
      seed,
    });
    await fit.epoch();
    const { weights } = fit;
    fit.dispose();
    return weights;
  };
  const first = await weightsOf(1);
  expect(await weightsOf(1)).toEqual(first);
  expect(await weightsOf(2)).not.toEqual(first);
});

test('training convolutions on the WebAssembly engine fails with a clear error', async () => {
  const engine = await loadEngine('wasm');
  const config = SMALL_CONFIGS.cnn;
  const fit = () =>
    new BaselineFit(engine, plantedExamples(config, 4), { config, recipe: RECIPES['paper-c'], seed: 1 });
  expect(fit).toThrow(/cannot train convolutions; install a native engine/);
});

test('an aborted training returns no weights', async () => {
  const engine = await loadEngine('wasm');
  const config = SMALL_CONFIGS['seed-b'];
  const examples = plantedExamples(config, 12);
  const stop = new AbortController();
  stop.abort();
  const request = { engine, config, recipe: RECIPES['paper-b'], seed: 1, examples, validation: examples };
  expect(await fitBaseline({ ...request, signal: stop.signal })).toBeUndefined();
});

function quadrantAccuracy(predicted: readonly BaselinePrediction[]): number {
  let [right, all] = [0, 0];
  for (const { classes, sequence } of predicted) {
    for (let step = 0; step < sequence.steps; step++) {
      const logits = [...classes!.subarray(8 * step, 8 * step + 4)];
      const [valence, arousal] = sequence.labels.subarray(2 * step, 2 * step + 2);
      const truth = (valence! >= 0 ? 1 : 0) + (arousal! >= 0 ? 2 : 0);
      all++;
      if (logits.indexOf(Math.max(...logits)) === truth) right++;
    }
  }
  return right / all;
}
