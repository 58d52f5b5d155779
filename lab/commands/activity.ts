import { join } from 'node:path';
import { Command, Option } from 'commander';
import { positiveInteger } from '../../src/commands/arguments.ts';
import { createProgress } from '../../src/commands/progress.ts';
import { ENGINE_NAMES, type EngineName } from '../../src/model/engine.ts';
import type { ActivityEvent } from '../activity/train-activity.ts';
import type { Part } from '../datasets/split.ts';

interface DataFlags {
  readonly data: string;
  readonly deam: string;
  readonly cache?: string;
}

interface TrainFlags extends DataFlags {
  readonly out: string;
  readonly scenes?: number;
  readonly epochs?: number;
  readonly seed?: number;
  readonly engine: EngineName | 'auto';
}

interface EvaluateFlags extends DataFlags {
  readonly model?: string;
  readonly split: Part;
  readonly json?: boolean;
}

/** `undertone activity train | evaluate`: the detector of speech, music and silence. */
export function activityCommand(): Command {
  return new Command('activity')
    .description('Train or evaluate the detector that separates speech from music.')
    .addCommand(trainCommand())
    .addCommand(evaluateCommand())
    .addHelpText('after', '\nExample:\n  $ undertone activity evaluate --data voices --deam deam');
}

function trainCommand(): Command {
  return withDataOptions(new Command('train').description('Train a detector on recorded speech and music.'))
    .option('--out <dir>', 'folder for the detector', join('models', 'my-activity'))
    .option('--scenes <n>', 'number of mixed training scenes of 48 s', positiveInteger)
    .option('--epochs <n>', 'number of epochs', positiveInteger)
    .option(
      '--seed <n>',
      'random seed; the same seed on the same engine gives the same weights',
      positiveInteger,
    )
    .addOption(
      new Option('--engine <name>', 'compute backend; auto uses the fastest one that is installed')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ scripts/activity-data.sh voices && undertone activity train --data voices --deam deam',
    )
    .action(train);
}

function evaluateCommand(): Command {
  return withDataOptions(
    new Command('evaluate').description(
      'Evaluate a detector on voices and music that are not in its training data.',
    ),
  )
    .option('--model <dir>', 'folder of a detector (default: the detector included in undertone)')
    .addOption(
      new Option('--split <part>', 'part of the voices and music to evaluate')
        .choices(['held-out', 'validation'])
        .default('held-out'),
    )
    .option('--json', 'print the report as one JSON object')
    .addHelpText('after', '\nExample:\n  $ undertone activity evaluate --data voices --deam deam')
    .action(evaluate);
}

function withDataOptions(command: Command): Command {
  return command
    .requiredOption('--data <dir>', 'speech and music, downloaded by scripts/activity-data.sh')
    .requiredOption('--deam <dir>', 'music with singing: DEAM, in one of the layouts of docs/training.md')
    .option('--cache <dir>', 'folder for decoded recordings (default: one per user)');
}

async function train(flags: TrainFlags): Promise<void> {
  const [
    { loadEngine },
    { loadFft },
    { readDataset },
    { defaultCacheFolder },
    { ACTIVITY_TRAINING },
    { trainActivity },
  ] = await Promise.all([
    import('../../src/model/engine.ts'),
    import('../../src/stream/fft.ts'),
    import('../datasets/dataset.ts'),
    import('../train/cache/cache-file.ts'),
    import('../activity/train-activity.ts'),
    import('../activity/train-activity.ts'),
  ]);
  const progress = createProgress();
  const { scenes, epochs, seed } = flags;
  const { clips } = await readDataset(flags.deam);
  const options = {
    ...ACTIVITY_TRAINING,
    ...(scenes && { scenes }),
    ...(epochs && { epochs }),
    ...(seed && { seed }),
  };
  let current = '';
  const begin = (what: string, total: number) => {
    if (current !== what) progress.begin(what, total);
    current = what;
  };
  const onEvent = (event: ActivityEvent) => {
    switch (event.type) {
      case 'reading':
        progress.print(`Reading ${event.source}.`);
        break;
      case 'analyzed':
        begin('Analyzing', event.of);
        progress.to(event.scenes);
        break;
      case 'begin':
        progress.print(`Engine: ${event.engine}. Seed ${event.options.seed}.`);
        break;
      case 'epoch': {
        begin('Training', options.epochs);
        progress.to(event.epoch);
        const { epoch, loss, validationLoss, best } = event;
        progress.print(
          `epoch ${epoch}: loss ${loss.toFixed(4)}, validation ${validationLoss.toFixed(4)}${best ? ' *' : ''}`,
        );
        break;
      }
      case 'done':
        progress.print(
          `Kept epoch ${event.bestEpoch}; validation F1 ${event.f1.toFixed(4)}, ${(100 * event.falseSpeech).toFixed(2)} % of music without speech classified as speech.`,
        );
    }
  };
  try {
    await trainActivity({
      data: flags.data,
      clips,
      engine: await loadEngine(flags.engine),
      fft: await loadFft(),
      cacheFolder: flags.cache ?? defaultCacheFolder(),
      out: flags.out,
      options,
      onEvent,
    });
  } finally {
    progress.end();
  }
  console.log(`Wrote the detector to ${flags.out}.`);
}

async function evaluate(flags: EvaluateFlags): Promise<void> {
  const [
    { loadFft },
    { readDataset },
    { defaultCacheFolder },
    { loadActivityDetector },
    { readMaterial },
    { evaluateActivity },
    { activityTable },
  ] = await Promise.all([
    import('../../src/stream/fft.ts'),
    import('../datasets/dataset.ts'),
    import('../train/cache/cache-file.ts'),
    import('../../src/model/activity/activity-detector.ts'),
    import('../activity/material.ts'),
    import('../activity/evaluate-activity.ts'),
    import('../activity/activity-table.ts'),
  ]);
  const detector = await loadActivityDetector(flags.model);
  const progress = createProgress();
  try {
    const { clips } = await readDataset(flags.deam);
    const material = await readMaterial({
      data: flags.data,
      clips,
      part: flags.split,
      cacheFolder: flags.cache ?? defaultCacheFolder(),
    });
    progress.begin('Analyzing', 1);
    const report = evaluateActivity(detector, material, await loadFft(), (done, of) => {
      if (done === 1) progress.begin('Analyzing', of);
      progress.to(done);
    });
    progress.print(flags.json ? JSON.stringify(report) : activityTable(report));
  } finally {
    progress.end();
  }
}
