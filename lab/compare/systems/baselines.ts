import { createHash } from 'node:crypto';
import { calibrationSchema } from '../../../src/model/calibration.ts';
import { CLIP_LENGTH } from '../../../src/model/kinds/baselines/architecture.ts';
import type { BaselineFile } from '../../../src/model/kinds/baselines/baseline-file.ts';
import { createBaselineModel } from '../../../src/model/kinds/baselines/baseline-model.ts';
import {
  BASELINE_CONFIGS,
  type BaselineConfig,
  type BaselineName,
  baselineShapes,
} from '../../../src/model/kinds/baselines/systems.ts';
import { sizeOf } from '../../../src/model/weights.ts';
import { UserError } from '../../../src/user-error.ts';
import { fitBaseline } from '../../baselines/fit-baseline.ts';
import { initialBaselineWeights } from '../../baselines/initial-weights.ts';
import { classProbabilities, predictBaseline } from '../../baselines/predict.ts';
import { OWN_RECIPE, RECIPES, type Recipe, recipeNamed } from '../../baselines/recipes.ts';
import { scoresOf } from '../../evaluate/score.ts';
import { scoredSteps } from '../../evaluate/scored-steps.ts';
import { Random } from '../../train/random.ts';
import { isValidation } from '../folds.ts';
import { msPerStep } from '../step-cost.ts';
import type { CurvePoint, FoldTask, System, SystemCost } from '../system.ts';
import { baselineExamples, releaseBaselineExamples } from './baseline-examples.ts';

/** Raised when the same recipe trains differently, or when a recipe that is not a system's default changes. */
const VERSION = 2;
/** Enough epochs to show learning on little data; attention needs more. */
const BRIEF_EPOCHS = (name: BaselineName) => (name === 'seed-b-transformer' ? 12 : 4);

const TITLES: Readonly<Record<BaselineName, readonly [title: string, about: string]>> = {
  'seed-a': [
    'A: LSTM per clip',
    'Jhanji 2024: each half second separately, z-scored; two networks of two LSTM layers of 20 over its 44 frames.',
  ],
  'seed-a-carried': ['A, stateful', 'The same, but the LSTM state is carried from clip to clip.'],
  'seed-b': [
    'B: two LSTM of 64',
    'Jayanthi & Ankireddy: one network for each axis, two LSTM layers of 64 over means and deviations of the bands.',
  ],
  'seed-b-transformer': [
    'B′: transformer',
    'Their planned variant: a BERT encoder with a causal mask over the flattened clips of the last 16 s.',
  ],
  'seed-c': [
    'C: CNN + LSTM',
    'Three blocks of convolution and pooling on each clip, then an LSTM of 64; predicts classes too.',
  ],
  cnn: ['C: CNN alone', 'The same without the LSTM: each half second separately.'],
  lstm: ['C: LSTM alone', 'An LSTM of 64 over means and deviations of the bands, without convolutions.'],
};

/** The neural networks of the literature. */
export const BASELINE_SYSTEMS: readonly System[] = (Object.keys(TITLES) as BaselineName[]).map(
  baselineSystem,
);

function baselineSystem(name: BaselineName): System {
  const config = BASELINE_CONFIGS[name];
  const [title, about] = TITLES[name];
  return {
    name,
    title,
    about,
    get version() {
      const made = JSON.stringify([config, RECIPES[OWN_RECIPE[name]]]);
      return `${VERSION}-${createHash('sha256').update(made).digest('hex').slice(0, 12)}`;
    },
    async predict(task) {
      const { fold, engine, seed, signal, onProgress } = task;
      const recipe = recipeOf(task, name);
      const examples = await baselineExamples(task, config, recipe.soundVariants);
      if (!examples) return undefined;
      const labeled = examples.filter(({ labels }) => labels.some(Number.isFinite));
      const training = labeled.filter(({ clip }) => fold.isTraining(clip.song) && !isValidation(clip.song));
      const validation = labeled.filter(({ clip }) => fold.isTraining(clip.song) && isValidation(clip.song));
      if (training.length === 0 || validation.length === 0) throw tooFewArtists(fold.name);
      const curve: CurvePoint[] = [];
      const fitted = await fitBaseline({
        engine,
        config,
        recipe,
        seed,
        examples: training,
        validation,
        signal,
        onEpoch({ epoch, loss, rmse }) {
          curve.push({ epoch, loss, validation: rmse });
          onProgress(epoch, recipe.epochs);
        },
      });
      if (!fitted) return undefined;
      const { weights } = fitted;
      const evaluated = labeled.filter(({ clip }) => fold.isEvaluated(clip.song));
      const predicted = predictBaseline(engine.tf, config, weights, evaluated);
      const onValidation = predictBaseline(engine.tf, config, weights, validation);
      const scores = scoresOf(onValidation);
      const sd = { valence: scores.valence.rmse, arousal: scores.arousal.rmse };
      const classes = classProbabilities(predicted);
      const cost: SystemCost = {
        parameters: numbersIn(config, (array) => !array.startsWith('input/')),
        bytes: 4 * numbersIn(config, () => true),
        msPerStep: Number.NaN,
      };
      return {
        steps: scoredSteps(evaluated, predicted).map((step) => ({ ...step, sd })),
        ...(classes && { classes }),
        curve,
        cost,
      };
    },
    stepMs: (engine) =>
      msPerStep(engine, async (wasm) => createBaselineModel(untrained(name), wasm), SAMPLE_CLIP),
    release: releaseBaselineExamples,
  };
}

const SAMPLE_CLIP = Float32Array.from({ length: CLIP_LENGTH }, (_, i) => (i * 0.618) % 3);

/** A model with initial weights, whose steps take as long as those of a trained one. */
function untrained(name: BaselineName): BaselineFile {
  const config = BASELINE_CONFIGS[name];
  const inputs = sizeOf(baselineShapes(config)['input/mean'] ?? [0]);
  const measured = {
    mean: new Float64Array(inputs),
    scale: new Float64Array(inputs).fill(1),
    labelMean: [0, 0] as const,
  };
  const ones = { valence: 1, arousal: 1 };
  const calibration = calibrationSchema.parse({
    sdScale: ones,
    labelSd: ones,
    labelMean: ones,
    noveltyP99: 1,
  });
  const weights = initialBaselineWeights(config, measured, new Random(1));
  return { name, kind: name, network: config, calibration, training: {}, weights };
}

/** The recipe of the task, or the default recipe of the system. */
function recipeOf({ recipe, brief }: FoldTask, name: BaselineName): Recipe {
  const full = recipe === undefined ? RECIPES[OWN_RECIPE[name]] : recipeNamed(recipe);
  return brief ? { ...full, epochs: BRIEF_EPOCHS(name), soundVariants: 0 } : full;
}

function numbersIn(config: BaselineConfig, counts: (array: string) => boolean): number {
  return Object.entries(baselineShapes(config))
    .filter(([array]) => counts(array))
    .reduce((sum, [, shape]) => sum + sizeOf(shape), 0);
}

function tooFewArtists(fold: string): UserError {
  return new UserError(
    'bad-data',
    `${fold} has too few artists for both training and validation songs; add music by more artists or use fewer folds.`,
  );
}
