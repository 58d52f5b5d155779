import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/model/engine.ts';
import { writeBaseline } from '../../src/model/kinds/baselines/baseline-file.ts';
import { BASELINE_CONFIGS, type BaselineName } from '../../src/model/kinds/baselines/systems.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { UserError } from '../../src/user-error.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Part, splitClips, splitSongs } from '../datasets/split.ts';
import { type Scores, scoresOf } from '../evaluate/score.ts';
import { calibrate } from '../train/calibrate.ts';
import { prepareFolder } from '../train/run-folder.ts';
import { type BaselineExample, extractBaselineExamples } from './examples.ts';
import { type BaselineEpoch, fitBaseline } from './fit-baseline.ts';
import { predictBaseline } from './predict.ts';
import { RECIPES, type Recipe, type RecipeName } from './recipes.ts';

export interface TrainBaselineRequest {
  readonly system: BaselineName;
  readonly recipe: RecipeName;
  readonly seed: number;
  /** Overrides the recipe. */
  readonly epochs?: number;
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly out: string;
  readonly cacheFolder: string;
  readonly onEvent?: (event: BaselineEvent) => void;
  /** Aborts after the current batch. */
  readonly signal?: AbortSignal;
}

/** Progress of a training. All events except `extracted` are also lines of `training.jsonl`. */
export type BaselineEvent =
  | {
      readonly type: 'begin';
      readonly system: BaselineName;
      readonly recipe: RecipeName;
      readonly options: Recipe;
      readonly seed: number;
      readonly engine: string;
      readonly clips: Record<Part, number>;
    }
  | { readonly type: 'extracted'; readonly clips: number; readonly of: number }
  | ({ readonly type: 'epoch' } & BaselineEpoch)
  | {
      readonly type: 'done';
      readonly bestEpoch: number;
      readonly validation: Scores;
      readonly heldOut: Scores | null;
    };

/**
 * Trains a baseline on the split of `undertone train` and writes it as a model: trained on the songs of `train`, stopped
 * and calibrated on `validation`; held-out songs are only scored.
 *
 * @throws UserError `stopped`, `bad-data`, `bad-output`, `needs-native`
 */
export async function trainBaseline(request: TrainBaselineRequest): Promise<void> {
  const { system, dataset, engine, out, seed, signal, onEvent = () => {} } = request;
  const config = BASELINE_CONFIGS[system];
  const named = RECIPES[request.recipe];
  const recipe: Recipe = { ...named, epochs: request.epochs ?? named.epochs };
  const clips = splitClips(dataset);
  await prepareFolder(out, false);
  const log: BaselineEvent[] = [];
  const emit = async (event: BaselineEvent): Promise<void> => {
    onEvent(event);
    if (event.type === 'extracted') return;
    log.push(event);
    await writeFile(join(out, 'training.jsonl'), log.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  const counts = {
    train: clips.train.length,
    validation: clips.validation.length,
    'held-out': clips['held-out'].length,
  };
  const { description } = engine;
  await emit({
    type: 'begin',
    system,
    recipe: request.recipe,
    options: recipe,
    seed,
    engine: description,
    clips: counts,
  });

  let extracted = 0;
  const extract = (part: Part, soundVariants = 0): Promise<BaselineExample[]> =>
    extractBaselineExamples({ ...request, clips: clips[part], config, soundVariants }, () => {
      if (signal?.aborted) throw stopped();
      onEvent({ type: 'extracted', clips: ++extracted, of: dataset.clips.length });
    });
  const parts = {
    train: await extract('train', recipe.soundVariants),
    validation: await extract('validation'),
    heldOut: await extract('held-out'),
  };
  const fitted = await fitBaseline({
    engine,
    config,
    recipe,
    seed,
    examples: parts.train,
    validation: parts.validation,
    onEpoch: (epoch) => emit({ type: 'epoch', ...epoch }),
    ...(signal && { signal }),
  });
  if (!fitted) throw stopped();

  const { weights, bestEpoch } = fitted;
  const predict = (examples: readonly BaselineExample[]) =>
    predictBaseline(engine.tf, config, weights, examples);
  const [onTraining, onValidation, onHeldOut] = [
    predict(parts.train),
    predict(parts.validation),
    predict(parts.heldOut),
  ];
  const calibration = calibrate(
    onValidation,
    onTraining.map(({ sequence }) => sequence),
  );
  const validation = scoresOf(onValidation);
  const heldOut = onHeldOut.length > 0 ? scoresOf(onHeldOut) : null;
  await emit({ type: 'done', bestEpoch, validation, heldOut });
  const training = {
    system,
    recipe: request.recipe,
    seed,
    engine: description,
    bestEpoch,
    validation,
    heldOut,
    options: recipe,
  };
  await writeBaseline(out, { kind: system, network: config, calibration, training, weights });
  const split = splitSongs(dataset.clips.map(({ song }) => song));
  await writeFile(join(out, 'split.json'), `${JSON.stringify(split, null, 1)}\n`);
}

function stopped(): UserError {
  return new UserError(
    'stopped',
    'The training was stopped and wrote no model. It cannot be resumed; start it again. Extracted features are cached.',
  );
}
