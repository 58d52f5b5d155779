import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { nonNegativeInteger, positiveInteger } from '../../src/commands/arguments.ts';
import { ENGINE_NAMES, type EngineName } from '../../src/model/engine.ts';
import { BASELINE_NAMES, type BaselineName } from '../../src/model/kinds/baselines/systems.ts';
import { FRONT_ENDS, type FrontEndName } from '../../src/model/kinds/undertone/front-ends/index.ts';
import { UserError } from '../../src/user-error.ts';
import { RECIPE_NAMES, type RecipeName } from '../baselines/recipes.ts';
import type { TrainConfig } from '../train/config-file.ts';
import { TEACHERS, type TeacherName } from '../train/options.ts';
import { PROTOCOLS, type Protocol } from '../train/protocol.ts';

interface TrainFlags {
  readonly data?: string[];
  readonly config?: string;
  readonly printConfig?: boolean;
  readonly out?: string;
  readonly resume?: string;
  readonly system?: BaselineName;
  readonly recipe?: RecipeName;
  readonly frontEnd?: FrontEndName;
  readonly teacher?: TeacherName;
  readonly unlabelled?: string[];
  readonly protocol?: Protocol;
  readonly folds?: number;
  readonly epochs?: number;
  readonly seed?: number;
  readonly engine?: EngineName | 'auto';
  readonly cache?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ undertone train --data deam --out models/mine --seed 7
  $ undertone train --data DEAM PMEmo2019 --config mine.json
  $ undertone train --resume models/mine
  $ undertone train --data deam --front-end ced-streaming --protocol years
  $ undertone train --data deam --system seed-a --out models/seed-a

See docs/training.md for the options of --config and the folder layouts of labeled music.`;

/** `undertone train`: trains a model on labeled music, with the same feature extraction as live tracking. */
export function trainCommand(): Command {
  return new Command('train')
    .description('Train a model on labeled music.')
    .option(
      '--data <dir...>',
      'labeled music: DEAM, emoMusic, PMEmo, MERP, Emotify, or a folder with clips.csv',
    )
    .option('--config <file>', 'options as JSON; flags override them')
    .option('--print-config', 'print the resulting options without training')
    .option('--out <dir>', 'folder for the model (default: models/my-model; with --protocol: runs/NAME)')
    .option('--resume <dir>', 'resume the stopped training in this folder')
    .addOption(
      new Option(
        '--front-end <name>',
        'inputs of the network: mel statistics (default) or harmony and an audio transformer',
      ).choices(FRONT_ENDS),
    )
    .addOption(
      new Option(
        '--protocol <name>',
        'cross-validate instead of writing a model: folds by artist, across years, the fixed split, or across groups of genres',
      ).choices(PROTOCOLS),
    )
    .addOption(
      new Option(
        '--teacher <name>',
        'distillation: first train teacher networks with this front end on the same songs, then learn from their predictions too',
      ).choices(TEACHERS),
    )
    .option(
      '--unlabelled <dir...>',
      'with --teacher: music without labels, for which the teachers predict targets',
    )
    .addOption(
      new Option('--system <name>', 'train a baseline from the literature on the same split').choices(
        BASELINE_NAMES,
      ),
    )
    .addOption(
      new Option(
        '--recipe <name>',
        'with --system: training recipe (default: the recipe of the baseline)',
      ).choices(RECIPE_NAMES),
    )
    .option('--folds <n>', 'number of folds of the protocol "folds" (default: 5)', numberOfFolds)
    .option('--epochs <n>', 'maximum number of epochs', positiveInteger)
    .option(
      '--seed <n>',
      'random seed; the same seed on the same engine gives the same weights (default: 1)',
      nonNegativeInteger,
    )
    .addOption(
      new Option(
        '--engine <name>',
        'compute backend; auto uses the fastest one that is installed (default: auto)',
      ).choices(['auto', ...ENGINE_NAMES]),
    )
    .option('--cache <dir>', 'folder for cached features (default: one per user)')
    .option('--json', 'with --protocol: print the report as one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(flags: TrainFlags): Promise<void> {
  checkSystemFlags(flags);
  const { readConfig, resolveOptions, configOf } = await import('../train/config-file.ts');
  const config = flags.config ? await readConfig(flags.config) : {};
  const options = resolveOptions(config, configOfFlags(flags));
  if (flags.printConfig) {
    console.log(JSON.stringify(configOf(options), null, 1));
    return;
  }
  const [{ loadEngine }, { loadFft }, { readDataset }, { defaultCacheFolder }, { createProgress }] =
    await Promise.all([
      import('../../src/model/engine.ts'),
      import('../../src/stream/fft.ts'),
      import('../datasets/dataset.ts'),
      import('../train/cache/cache-file.ts'),
      import('../../src/commands/progress.ts'),
    ]);
  const { checkpoint, plan } = await stoppedRun(flags);
  const data = flags.data ?? [config.data ?? checkpoint?.data ?? plan?.data ?? []].flat();
  if (data.length === 0) {
    throw new UserError('usage', 'No music was given; pass its folder with --data, such as --data DEAM.');
  }
  const dataset = await readDataset(data);
  const progress = createProgress();
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const common = {
    dataset,
    engine: await loadEngine(flags.engine ?? config.engine),
    fft: await loadFft(),
    cacheFolder: flags.cache ?? config.cache ?? defaultCacheFolder(),
    signal: stop.signal,
    progress,
  };
  if (!flags.json) for (const line of dataset.about) progress.print(line);
  const protocol = plan?.protocol ?? flags.protocol ?? config.protocol;
  const chosen = flags.resume ?? flags.out ?? config.out;
  try {
    if (flags.system) {
      const { runBaselineTraining } = await import('./train-baseline.ts');
      await runBaselineTraining({
        ...common,
        system: flags.system,
        recipe: flags.recipe,
        seed: flags.seed ?? 1,
        ...(flags.epochs !== undefined && { epochs: flags.epochs }),
        out: chosen ?? join('models', `my-${flags.system}`),
      });
    } else if (protocol) {
      const { runProtocol } = await import('./train-protocol.ts');
      await runProtocol({
        ...common,
        options: plan?.options ?? options,
        protocol,
        folds: plan?.folds ?? flags.folds ?? config.folds ?? 5,
        out: chosen ?? join('runs', protocol),
        json: flags.json ?? false,
        ...(plan ? { resumed: plan } : {}),
      });
    } else {
      const { runTraining } = await import('./train-model.ts');
      const kept = checkpoint && { ...checkpoint.options, epochs: flags.epochs ?? checkpoint.options.epochs };
      await runTraining({
        ...common,
        options: kept ?? options,
        out: chosen ?? join('models', 'my-model'),
        ...(checkpoint ? { checkpoint } : {}),
      });
    }
  } finally {
    progress.end();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** @throws UserError `usage` when flags of baselines and of the default model are mixed */
function checkSystemFlags(flags: TrainFlags): void {
  if (flags.system === undefined) {
    if (flags.recipe === undefined) return;
    throw new UserError(
      'usage',
      '--recipe applies to baselines only; choose one with --system, or leave it out.',
    );
  }
  const conflicting = (
    [
      'config',
      'printConfig',
      'resume',
      'frontEnd',
      'protocol',
      'teacher',
      'unlabelled',
      'folds',
      'json',
    ] as const
  ).find((flag) => flags[flag] !== undefined);
  if (!conflicting) return;
  throw new UserError(
    'usage',
    `--${nameOf(conflicting)} cannot be combined with --system, because recipes set these options; leave it out, or choose a recipe with --recipe.`,
  );
}

const nameOf = (flag: keyof TrainFlags): string =>
  flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function numberOfFolds(value: string): number {
  const folds = positiveInteger(value);
  if (folds > 1) return folds;
  throw new InvalidArgumentError('Expected at least 2 folds.');
}

/** The stopped training or protocol run that `--resume` names, with its original options. */
async function stoppedRun({ resume, ...flags }: TrainFlags) {
  if (resume === undefined) return {};
  const fixed = ['config', 'frontEnd', 'protocol', 'teacher', 'unlabelled', 'folds', 'seed', 'out'] as const;
  const given = fixed.find((flag) => flags[flag] !== undefined);
  if (given) {
    throw new UserError(
      'usage',
      `--${nameOf(given)} cannot be combined with --resume, because a resumed training uses its original options; leave it out.`,
    );
  }
  const { readCheckpoint } = await import('../train/checkpoint.ts');
  const { readPlan } = await import('../train/protocol-run.ts');
  const checkpoint = await readCheckpoint(resume);
  const plan = checkpoint ? undefined : await readPlan(resume);
  if (plan && flags.epochs !== undefined) {
    throw new UserError(
      'usage',
      '--epochs cannot be combined with --resume of a protocol, because all its folds train alike; leave it out.',
    );
  }
  if (checkpoint || plan) return { checkpoint, plan };
  throw new UserError(
    'no-checkpoint',
    `There is nothing to resume in ${resume}: a stopped training leaves checkpoint.bin, a stopped protocol protocol.json. Pass the folder that was its --out.`,
  );
}

function configOfFlags({ frontEnd, teacher, unlabelled, epochs, seed }: TrainFlags): TrainConfig {
  return {
    ...(frontEnd ? { network: { frontEnd } } : {}),
    ...(teacher ? { teacher } : {}),
    ...(unlabelled ? { unlabelled } : {}),
    ...(epochs !== undefined ? { epochs } : {}),
    ...(seed !== undefined ? { seed } : {}),
  };
}
