import { fitSpeech } from '../../../lab/activity/fit-speech.ts';
import { BaselineFit } from '../../../lab/baselines/fit.ts';
import { OWN_RECIPE, RECIPES } from '../../../lab/baselines/recipes.ts';
import { pairLstm } from '../../../lab/compare/forecasting/forecasters/pair-lstm.ts';
import { AHEAD, pairWindows } from '../../../lab/compare/forecasting/pair-windows.ts';
import type { Example } from '../../../lab/train/example.ts';
import { Fit } from '../../../lab/train/fit.ts';
import { DEFAULT_TRAINING, type TrainOptions } from '../../../lab/train/options.ts';
import { Random } from '../../../lab/train/random.ts';
import type { Engine } from '../../../src/model/engine.ts';
import { BASELINE_NAMES, SMALL_CONFIGS } from '../baselines/made-up-baseline.ts';
import { plantedExamples } from '../baselines/planted.ts';

/** Trains a network on generated data until `stop` aborts it. Deterministic. */
export type TrainingSteps = (engine: Engine, stop: AbortSignal) => Promise<unknown>;

/** Every network of the repo that is trained by gradients, with every term of its loss. */
export const TRAINING_STEPS: Readonly<Record<string, TrainingSteps>> = {
  undertone: async ({ tf }, stop) => {
    const fit = new Fit(tf, generatedExamples(), EVERY_TERM);
    await fit.epoch(stop);
    fit.dispose();
  },
  activity: async ({ tf }) => {
    const network = { inputs: 5, projection: 4, hidden: 3 };
    const training = { epochs: 1, seed: 1, streams: 2, learningRate: 0.01, decay: 0.01, maxNorm: 1 };
    const scenes = [0, 1].map((first) => ({
      steps: 3,
      rows: normals(3 * network.inputs, first),
      labels: Float32Array.of(first, Number.NaN, 1),
    }));
    const noise = { noise: 0.1, dropout: 0.2, averaging: 0.9 };
    for await (const _ of fitSpeech(tf, scenes, { network, ...training, ...noise }));
  },
  'pair-lstm': (engine, signal) => {
    const song = { song: { id: '1', artist: 'Artist' }, runs: [Float64Array.from(normals(2 * 30))] };
    return pairLstm.train({
      training: pairWindows([song]),
      ahead: AHEAD,
      engine,
      seed: 1,
      signal,
      brief: true,
    });
  },
  ...Object.fromEntries(
    BASELINE_NAMES.map((name): [string, TrainingSteps] => [
      name,
      async (engine, stop) => {
        const config = SMALL_CONFIGS[name];
        const recipe = { ...RECIPES[OWN_RECIPE[name]], streams: 2, dropout: 0 };
        const fit = new BaselineFit(engine, plantedExamples(config, 2, 1, 3), { config, recipe, seed: 1 });
        await fit.epoch(stop);
        fit.dispose();
      },
    ]),
  ),
};

const EVERY_TERM: TrainOptions = {
  ...DEFAULT_TRAINING,
  network: { frontEnd: 'mel', inputs: 6, projection: 5, hidden: 4, members: 1, landmarks: 0, leastShare: 1 },
  streams: 2,
  sequenceSteps: 4,
  pieceSteps: [2, 4],
  l2: 0.01,
  cccWeight: 1,
  teacher: 'mel',
};

function generatedExamples(): Example[] {
  const steps = 4;
  return [1, 2, 3].map((song) => ({
    clip: {
      song: { id: `${song}`, artist: `Artist ${song}` },
      path: '',
      file: `${song}.wav`,
      startMs: 0,
    },
    rows: normals(6 * steps, song),
    steps,
    labels: normals(2 * steps, song),
    changes: normals(10 * steps, song),
    tags: normals(3, song),
    softTargets: normals(2 * steps, song),
  }));
}

function normals(length: number, seed = 1): Float32Array {
  const random = new Random(seed + 1);
  return Float32Array.from({ length }, () => 0.5 * random.normal());
}
