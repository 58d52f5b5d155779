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
import { hearSeedExamples, type SeedExample } from './examples.ts';
import { fitSeed, type SeedEpoch } from './fit-baseline.ts';
import { predictSeed } from './predict.ts';
import { RECIPES, type Recipe, type RecipeName } from './recipes.ts';

export interface TrainSeedRequest {
  readonly system: BaselineName;
  readonly recipe: RecipeName;
  readonly seed: number;
  /** Instead of the recipe's. */
  readonly epochs?: number;
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly out: string;
  readonly cacheFolder: string;
  readonly onEvent?: (event: SeedEvent) => void;
  /** Ends after the batch in hand. */
  readonly signal?: AbortSignal;
}

/** What training says as it goes; each, but for `heard`, is also a line of `training.jsonl`. */
export type SeedEvent =
  | {
      readonly type: 'begin';
      readonly system: BaselineName;
      readonly recipe: RecipeName;
      readonly options: Recipe;
      readonly seed: number;
      readonly engine: string;
      readonly clips: Record<Part, number>;
    }
  | { readonly type: 'heard'; readonly clips: number; readonly of: number }
  | ({ readonly type: 'epoch' } & SeedEpoch)
  | {
      readonly type: 'done';
      readonly bestEpoch: number;
      readonly validation: Scores;
      readonly heldOut: Scores | null;
    };

/**
 * Trains a system of the literature on the split of `undertone train` and writes it as a model: learned from the songs of
 * `train`, ended and calibrated by those of `validation`; held-out ones are only told of.
 *
 * @throws UserError `stopped`, `bad-data`, `bad-output`, `needs-native`
 */
export async function trainSeed(request: TrainSeedRequest): Promise<void> {
  const { system, dataset, engine, out, seed, signal, onEvent = () => {} } = request;
  const config = BASELINE_CONFIGS[system];
  const named = RECIPES[request.recipe];
  const recipe: Recipe = { ...named, epochs: request.epochs ?? named.epochs };
  const clips = splitClips(dataset);
  await prepareFolder(out, false);
  const log: SeedEvent[] = [];
  const tell = async (event: SeedEvent): Promise<void> => {
    onEvent(event);
    if (event.type === 'heard') return;
    log.push(event);
    await writeFile(join(out, 'training.jsonl'), log.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  const counts = {
    train: clips.train.length,
    validation: clips.validation.length,
    'held-out': clips['held-out'].length,
  };
  const { description } = engine;
  await tell({
    type: 'begin',
    system,
    recipe: request.recipe,
    options: recipe,
    seed,
    engine: description,
    clips: counts,
  });

  let heard = 0;
  const hear = (part: Part, soundVariants = 0): Promise<SeedExample[]> =>
    hearSeedExamples({ ...request, clips: clips[part], config, soundVariants }, () => {
      if (signal?.aborted) throw stopped();
      onEvent({ type: 'heard', clips: ++heard, of: dataset.clips.length });
    });
  const parts = {
    train: await hear('train', recipe.soundVariants),
    validation: await hear('validation'),
    heldOut: await hear('held-out'),
  };
  const fitted = await fitSeed({
    engine,
    config,
    recipe,
    seed,
    examples: parts.train,
    validation: parts.validation,
    onEpoch: (epoch) => tell({ type: 'epoch', ...epoch }),
    ...(signal && { signal }),
  });
  if (!fitted) throw stopped();

  const { weights, bestEpoch } = fitted;
  const said = (examples: readonly SeedExample[]) => predictSeed(engine.tf, config, weights, examples);
  const [onTraining, onValidation, onHeldOut] = [
    said(parts.train),
    said(parts.validation),
    said(parts.heldOut),
  ];
  const calibration = calibrate(
    onValidation,
    onTraining,
    onTraining.map(({ sequence }) => sequence),
  );
  const validation = scoresOf(onValidation);
  const heldOut = onHeldOut.length > 0 ? scoresOf(onHeldOut) : null;
  await tell({ type: 'done', bestEpoch, validation, heldOut });
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
    'The training was stopped and wrote no model; it takes minutes and cannot be taken up again: start it anew, what was heard is kept.',
  );
}
