import { expect, test } from 'vitest';
import { SeedFit } from '../../../lab/baselines/fit.ts';
import { fitSeed, pooledRmse } from '../../../lab/baselines/fit-baseline.ts';
import { predictSeed, type SeedPredicted } from '../../../lab/baselines/predict.ts';
import { OWN_RECIPE, RECIPES, type Recipe } from '../../../lab/baselines/recipes.ts';
import { scoresOf } from '../../../lab/evaluate/score.ts';
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

/** Networks whose steps take long train on less data, others a little longer. */
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
  const fitted = await fitSeed({
    engine,
    config,
    recipe,
    seed: 1,
    examples: plantedExamples(config, count ?? 48, 1, steps),
    validation,
  });
  const said = predictSeed(engine.tf, config, fitted!.weights, validation);
  expect(pooledRmse(scoresOf(said))).toBeLessThan(0.2); // a constant has 0.46
  if (said[0]!.classes) expect(quadrantAccuracy(said)).toBeGreaterThan(0.7);
});

test('the same seed gives the same weights, another seed others', async () => {
  const engine = await loadEngine('wasm');
  const config = SMALL_CONFIGS['seed-a'];
  const examples = plantedExamples(config, 12);
  const weightsOf = async (seed: number) => {
    const fit = new SeedFit(engine, examples, {
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

test('convolutions are not learned on the engine of WebAssembly, in one clear sentence', async () => {
  const engine = await loadEngine('wasm');
  const config = SMALL_CONFIGS.cnn;
  const fit = () =>
    new SeedFit(engine, plantedExamples(config, 4), { config, recipe: RECIPES['paper-c'], seed: 1 });
  expect(fit).toThrow(/cannot learn convolutions; install the native one/);
});

test('an aborted epoch gives no loss, and the training no weights', async () => {
  const engine = await loadEngine('wasm');
  const config = SMALL_CONFIGS['seed-b'];
  const examples = plantedExamples(config, 12);
  const stop = new AbortController();
  stop.abort();
  const request = { engine, config, recipe: RECIPES['paper-b'], seed: 1, examples, validation: examples };
  expect(await fitSeed({ ...request, signal: stop.signal })).toBeUndefined();
});

function quadrantAccuracy(said: readonly SeedPredicted[]): number {
  let [right, all] = [0, 0];
  for (const { classes, sequence } of said) {
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
