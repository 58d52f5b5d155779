import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { positiveInteger } from '../../src/commands/arguments.ts';
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
  $ undertone train --data deam --front-end musicnn --protocol years
  $ undertone train --data deam --system seed-a --out models/seed-a

docs/training.md tells what --config may hold and how labelled music should lie in its folders.`;

/** `undertone train`: weights from labelled music, through the same path from samples to windows as live. */
export function trainCommand(): Command {
  return new Command('train')
    .description('Train a model on labelled music.')
    .option(
      '--data <dir...>',
      'labelled music: DEAM, emoMusic, PMEmo, MERP, Emotify or clips.csv with its like',
    )
    .option('--config <file>', 'options as JSON; flags count more')
    .option('--print-config', 'print all options as they would be, and train nothing')
    .option('--out <dir>', 'folder to write to (default: models/my-model, of a protocol runs/NAME)')
    .option('--resume <dir>', 'go on with what was stopped there')
    .addOption(
      new Option(
        '--front-end <name>',
        'what the network hears through: mel statistics (default), or a music tagger',
      ).choices(FRONT_ENDS),
    )
    .addOption(
      new Option(
        '--protocol <name>',
        'write no model but judge this way of training on songs left out: by artist, across years, or the fixed split',
      ).choices(PROTOCOLS),
    )
    .addOption(
      new Option(
        '--teacher <name>',
        'learn also what networks behind this front end say, which are trained first on the same songs',
      ).choices(TEACHERS),
    )
    .option(
      '--unlabelled <dir...>',
      'with --teacher: music without labels, to learn from what they say of it',
    )
    .addOption(
      new Option(
        '--system <name>',
        'train a network of the literature instead of undertone’s own, on the same split',
      ).choices(BASELINE_NAMES),
    )
    .addOption(
      new Option('--recipe <name>', 'with --system: train it by this recipe (default: its own)').choices(
        RECIPE_NAMES,
      ),
    )
    .option('--folds <n>', 'trainings of the protocol "folds" (default: 5)', positiveInteger)
    .option('--epochs <n>', 'how often to go through the music, at most', positiveInteger)
    .option('--seed <n>', 'the same seed on the same engine gives the same weights (default: 1)', wholeNumber)
    .addOption(
      new Option('--engine <name>', 'what computes (default: auto)').choices(['auto', ...ENGINE_NAMES]),
    )
    .option('--cache <dir>', 'folder for features that were computed before (default: one per user)')
    .option('--json', 'of a protocol: print one JSON object')
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
    throw new UserError('usage', 'No music was given; name its folder with --data, as in --data DEAM.');
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
      const { runSeedTraining } = await import('./train-baseline.ts');
      await runSeedTraining({
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

/** @throws UserError `usage` where a flag means nothing to a network of the literature, or the other way round */
function checkSystemFlags(flags: TrainFlags): void {
  if (flags.system === undefined) {
    if (flags.recipe === undefined) return;
    throw new UserError(
      'usage',
      '--recipe is of the networks of the literature; name one with --system, or leave it out.',
    );
  }
  const foreign = (
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
  if (!foreign) return;
  const name = foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UserError(
    'usage',
    `--${name} cannot be given with --system, whose networks have their recipes instead; leave it out, or choose with --recipe.`,
  );
}

/** What `--resume` names: a training or a run of a protocol, each with the options that it was begun with. */
async function stoppedRun({ resume, ...flags }: TrainFlags) {
  if (resume === undefined) return {};
  const fixed = ['config', 'frontEnd', 'protocol', 'folds', 'seed', 'out'] as const;
  const given = fixed.find((flag) => flags[flag] !== undefined);
  if (given) {
    throw new UserError(
      'usage',
      `--${given === 'frontEnd' ? 'front-end' : given} cannot be given with --resume: what goes on goes on as it began; leave it out.`,
    );
  }
  const { readCheckpoint } = await import('../train/checkpoint.ts');
  const { readPlan } = await import('../train/protocol-run.ts');
  const checkpoint = await readCheckpoint(resume);
  const plan = checkpoint ? undefined : await readPlan(resume);
  if (checkpoint || plan) return { checkpoint, plan };
  throw new UserError(
    'no-checkpoint',
    `There is nothing to go on with in ${resume}: a training that was stopped leaves checkpoint.bin there, a protocol protocol.json; name the folder that was its --out.`,
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

function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('A whole number of at least 0 is expected.');
}
