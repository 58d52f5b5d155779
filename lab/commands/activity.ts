import { join } from 'node:path';
import { Command, Option } from 'commander';
import { positiveInteger } from '../../src/commands/arguments.ts';
import { createProgress } from '../../src/commands/progress.ts';
import { ENGINE_NAMES, type EngineName } from '../../src/model/engine.ts';
import type { ActivityEvent } from '../activity/train-activity.ts';
import type { Part } from '../datasets/split.ts';

interface MaterialFlags {
  readonly data: string;
  readonly deam: string;
  readonly cache?: string;
}

interface TrainFlags extends MaterialFlags {
  readonly out: string;
  readonly scenes?: number;
  readonly epochs?: number;
  readonly seed?: number;
  readonly engine: EngineName | 'auto';
}

interface EvaluateFlags extends MaterialFlags {
  readonly model?: string;
  readonly split: Part;
  readonly json?: boolean;
}

/** `undertone activity train | evaluate`: what tells speech from music. */
export function activityCommand(): Command {
  return new Command('activity')
    .description('Train or judge what tells speech from music.')
    .addCommand(trainCommand())
    .addCommand(evaluateCommand());
}

function trainCommand(): Command {
  return withMaterial(new Command('train').description('Train a detector on recorded speech and music.'))
    .option('--out <dir>', 'folder to write it to', join('models', 'my-activity'))
    .option('--scenes <n>', 'how many scenes of 48 s to learn from', positiveInteger)
    .option('--epochs <n>', 'how often to go through them', positiveInteger)
    .option('--seed <n>', 'the same seed on the same engine gives the same weights', positiveInteger)
    .addOption(
      new Option('--engine <name>', 'what computes').choices(['auto', ...ENGINE_NAMES]).default('auto'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ scripts/activity-data.sh voices && undertone activity train --data voices --deam deam',
    )
    .action(train);
}

function evaluateCommand(): Command {
  return withMaterial(
    new Command('evaluate').description('Judge a detector on voices and music that none was trained on.'),
  )
    .option('--model <dir>', 'folder of a detector (default: the one that comes with undertone)')
    .addOption(
      new Option('--split <part>', 'which voices and music')
        .choices(['held-out', 'validation'])
        .default('held-out'),
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ undertone activity evaluate --data voices --deam deam')
    .action(evaluate);
}

function withMaterial(command: Command): Command {
  return command
    .requiredOption('--data <dir>', 'speech and music, as scripts/activity-data.sh fetches them')
    .requiredOption('--deam <dir>', 'music with singing: DEAM, in one of the layouts of docs/training.md')
    .option('--cache <dir>', 'folder for recordings that were decoded before (default: one per user)');
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
  let began = '';
  const begin = (what: string, total: number) => {
    if (began !== what) progress.begin(what, total);
    began = what;
  };
  const onEvent = (event: ActivityEvent) => {
    switch (event.type) {
      case 'reading':
        progress.print(`Reading ${event.source}.`);
        break;
      case 'analyzed':
        begin('Listening', event.of);
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
          `Kept epoch ${event.bestEpoch}; validation F1 ${event.f1.toFixed(4)}, ${(100 * event.falseSpeech).toFixed(2)} % of plain music called speech.`,
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
    progress.begin('Listening', 1);
    const report = evaluateActivity(detector, material, await loadFft(), (done, of) => {
      if (done === 1) progress.begin('Listening', of);
      progress.to(done);
    });
    progress.print(flags.json ? JSON.stringify(report) : activityTable(report));
  } finally {
    progress.end();
  }
}
