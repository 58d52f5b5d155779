import { Command, InvalidArgumentError, Option } from 'commander';
import { nonNegativeInteger } from '../../src/commands/arguments.ts';
import { ENGINE_NAMES } from '../../src/model/engine.ts';
import { RECIPE_NAMES } from '../baselines/recipes.ts';
import { COMPARE_PROTOCOLS } from '../compare/folds.ts';
import { COMPARE_TASKS, type CompareFlags, type CompareTask } from './compare-flags.ts';

const EXAMPLES = `
Examples:
  $ undertone compare --data deam
  $ undertone compare --data deam --systems constant,linear,undertone --tasks tracking
  $ undertone compare --data deam --protocol 70-15-15 --systems seed-c --recipe paper-c
  $ undertone compare --data deam --results docs/results.md

Finished folds stay in --out. After Ctrl-C or a crash, run the same command again: it continues with the remaining folds
and retrains only systems that have changed.`;

/** `undertone compare`: trains and evaluates baselines and the default model on the same folds. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('Train all systems on the same music and evaluate them on songs by other artists.')
    .requiredOption('--data <dir...>', 'labeled music, in any layout that undertone train reads')
    .option(
      '--systems <names>',
      'systems to compare, separated by commas, such as constant,undertone (default: all)',
      names,
    )
    .option('--tasks <names>', 'tracking, forecasting or both', tasks, [...COMPARE_TASKS])
    .addOption(
      new Option('--protocol <name>', 'cross-validation by artist, or one split of 70, 15 and 15 %')
        .choices(COMPARE_PROTOCOLS)
        .default('folds'),
    )
    .option('--folds <n>', 'number of folds, 2 to 100', foldCount, 5)
    .addOption(
      new Option(
        '--recipe <name>',
        'training recipe for all baselines (default: the recipe of each baseline)',
      ).choices(RECIPE_NAMES),
    )
    .option('--out <dir>', 'folder for predictions and the log', 'runs/compare')
    .option('--results <file>', 'file for the report (default: results.md in the --out folder)')
    .option(
      '--seed <n>',
      'random seed; the same seed on the same engine gives the same figures',
      nonNegativeInteger,
      1,
    )
    .addOption(
      new Option('--engine <name>', 'compute backend; auto uses the fastest one that is installed')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .option('--cache <dir>', 'folder for cached features (default: one per user)')
    .option('--json', 'print the report as one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(flags: CompareFlags): Promise<void> {
  const [{ systemsNamed, SYSTEMS }, { loadEngine }, { loadFft }, { readDataset }, cache, { runCompare }] =
    await Promise.all([
      import('../compare/systems/index.ts'),
      import('../../src/model/engine.ts'),
      import('../../src/stream/fft.ts'),
      import('../datasets/dataset.ts'),
      import('../train/cache/cache-file.ts'),
      import('./compare-run.ts'),
    ]);
  const systems = flags.systems ? systemsNamed(flags.systems) : SYSTEMS;
  const dataset = await readDataset(flags.data);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    await runCompare({
      flags,
      systems,
      dataset,
      engine: await loadEngine(flags.engine),
      fft: await loadFft(),
      cacheFolder: flags.cache ?? cache.defaultCacheFolder(),
      signal: stop.signal,
    });
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function names(value: string): string[] {
  return value.split(',').map((name) => name.trim());
}

function tasks(value: string): CompareTask[] {
  const chosen = names(value);
  const unknown = chosen.find((name) => !(COMPARE_TASKS as readonly string[]).includes(name));
  if (unknown === undefined) return chosen as CompareTask[];
  throw new InvalidArgumentError(`Unknown task "${unknown}"; choose from ${COMPARE_TASKS.join(', ')}.`);
}

/** At least 2: a single fold would leave no training songs. */
function foldCount(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 2 && number <= 100) return number;
  throw new InvalidArgumentError('Expected a whole number from 2 to 100.');
}
