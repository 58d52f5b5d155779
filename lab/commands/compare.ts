import { Command, InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES, type EngineName } from '../../src/model/engine.ts';
import { RECIPE_NAMES, type RecipeName } from '../baselines/recipes.ts';
import { COMPARE_PROTOCOLS, type CompareProtocol } from '../compare/folds.ts';

const TASKS = ['tracking', 'forecasting'] as const;
export type CompareTask = (typeof TASKS)[number];

interface CompareFlags {
  readonly data: string[];
  readonly systems?: string[];
  readonly tasks: CompareTask[];
  readonly protocol: CompareProtocol;
  readonly folds: number;
  readonly recipe?: RecipeName;
  readonly out: string;
  readonly results?: string;
  readonly seed: number;
  readonly engine: EngineName | 'auto';
  readonly cache?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ undertone compare --data deam
  $ undertone compare --data deam --systems constant,linear,undertone --tasks tracking
  $ undertone compare --data deam --protocol 70-15-15 --systems seed-c --recipe paper-c
  $ undertone compare --data deam --results docs/results.md

What is finished stays in --out: the same command goes on with the rest after Ctrl-C or a crash, and trains anew
only systems that have changed.`;

/** `undertone compare`: every system of the literature, and this one, on the same folds of the same music. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('Train and judge all systems side by side, on songs of artists that they never met.')
    .requiredOption('--data <dir...>', 'labelled music, in any layout that undertone train reads')
    .option('--systems <names>', 'those to compare, as in constant,undertone (default: all)', names)
    .option('--tasks <names>', 'tracking, forecasting or both', tasks, [...TASKS])
    .addOption(
      new Option('--protocol <name>', 'folds by artist, or one split of 70, 15 and 15 %')
        .choices(COMPARE_PROTOCOLS)
        .default('folds'),
    )
    .option('--folds <n>', 'how many folds, 2 to 100', foldCount, 5)
    .addOption(
      new Option(
        '--recipe <name>',
        'how the networks of the literature are trained (default: each by its own)',
      ).choices(RECIPE_NAMES),
    )
    .option('--out <dir>', 'folder for what was said in each fold, and the log', 'runs/compare')
    .option('--results <file>', 'where the report goes (default: results.md in the folder of --out)')
    .option('--seed <n>', 'the same seed on the same engine gives the same figures', wholeNumber, 1)
    .addOption(
      new Option('--engine <name>', 'what computes').choices(['auto', ...ENGINE_NAMES]).default('auto'),
    )
    .option('--cache <dir>', 'folder for features that were computed before (default: one per user)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(flags: CompareFlags): Promise<void> {
  const [{ systemsNamed, SYSTEMS }, { loadEngine }, { loadFft }, { readDataset }, cache, { runCompare }] =
    await Promise.all([
      import('../compare/systems.ts'),
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
  const unknown = chosen.find((name) => !(TASKS as readonly string[]).includes(name));
  if (unknown === undefined) return chosen as CompareTask[];
  throw new InvalidArgumentError(`There is no task "${unknown}"; choose from ${TASKS.join(', ')}.`);
}

/** Without a second fold there is nothing to learn from. */
function foldCount(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 2 && number <= 100) return number;
  throw new InvalidArgumentError('A whole number from 2 to 100 is expected.');
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('A whole number of at least 0 is expected.');
}
