import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { positiveInteger } from '../../src/commands/arguments.ts';
import { ENGINE_NAMES, type EngineName } from '../../src/model/engine.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import { UserError } from '../../src/user-error.ts';
import type { ForecastScore } from '../forecast/fit-forecast.ts';

interface ForecastFlags {
  readonly model: string;
  readonly music: string[];
  readonly data?: string[];
  readonly hours: number;
  readonly seed: number;
  readonly engine: EngineName | 'auto';
  readonly cache?: string;
}

const CHANNELS = ['valence', 'arousal'] as const;

/** `undertone train-forecast`: fits the forecast of a model's own readings on music without labels. */
export function trainForecastCommand(): Command {
  return new Command('train-forecast')
    .description("Fit the forecast of a model's own readings on music; labels are not needed.")
    .requiredOption('--model <dir>', 'folder of the model; its model.json gets the forecast')
    .requiredOption('--music <dir...>', 'folders with whole pieces, one per artist or collection')
    .option('--data <dir...>', 'folders with labeled music, whose clips are joined to sequences as well')
    .option('--hours <n>', 'hours of audio to compute readings of', positiveInteger, 6)
    .option('--seed <n>', 'random seed of the material', positiveInteger, 1)
    .addOption(
      new Option('--engine <name>', 'compute backend; auto uses the fastest one that is installed')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .option('--cache <dir>', 'folder for cached readings (default: one per user)')
    .addHelpText(
      'after',
      '\nExample:\n  $ undertone train-forecast --model models/mine --music ~/Music/free --data DEAM --engine node',
    )
    .action(run);
}

async function run({ model: folder, music, data, hours, seed, engine: name, cache }: ForecastFlags) {
  const [engines, fft, datasets, files, loading, modelFiles, progresses, material, pieces, paths, fitting] =
    await Promise.all([
      import('../../src/model/engine.ts'),
      import('../../src/stream/fft.ts'),
      import('../datasets/dataset.ts'),
      import('../train/cache/cache-file.ts'),
      import('../../src/model/load.ts'),
      import('../../src/model/kinds/undertone/model-file.ts'),
      import('../../src/commands/progress.ts'),
      import('../forecast/material.ts'),
      import('../forecast/pieces.ts'),
      import('../forecast/reading-paths.ts'),
      import('../forecast/fit-forecast.ts'),
    ]);
  const file = await modelFiles.readModel(folder);
  const engine = await engines.loadEngine(name);
  const dataset = data && (await datasets.readDataset(data));
  const drawn = material.drawMaterial(await pieces.readPieces(music, dataset), { hours, seed });
  const model = await loading.loadModel(resolve(folder), engine);
  const progress = progresses.createProgress();
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const steps = (hours * 3600) / STEP_SECONDS;
  const request = {
    model,
    channels: CHANNELS,
    modelKey: `${await keyOf(folder)}/${engine.description}`,
    fft: await fft.loadFft(),
    cacheFolder: cache ?? files.defaultCacheFolder(),
    signal: stop.signal,
  };
  try {
    progress.begin('Readings', steps);
    let before = 0;
    const computed = [];
    for (const [i, kind] of [drawn.whole, drawn.joined].entries()) {
      const share = Math.round(drawn.shares[i]! * steps);
      const onSteps = (done: number) => progress.to(before + done);
      computed.push(...(await paths.readingPaths(kind, share, { ...request, onSteps })));
      before += share;
    }
    const { forecast, scores } = fitting.fitForecast(
      computed.map(({ material: { fold }, rows }) => ({ fold, readings: rows })),
    );
    for (const score of scores) progress.print(lineOf(score));
    await modelFiles.writeModel(folder, { ...file, forecast });
    await appendFile(
      join(folder, 'training.jsonl'),
      `${JSON.stringify({ type: 'forecast', seed, hours, engine: engine.description, paths: computed.length, scores })}\n`,
    );
  } finally {
    progress.end();
    model.dispose();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
  console.log(`Wrote the forecast to ${folder}.`);
}

/** A hash of the model without its forecast. */
async function keyOf(folder: string): Promise<string> {
  const header = await readFile(join(folder, 'model.json'), 'utf8').then(
    (text) => JSON.parse(text) as Record<string, unknown>,
    (cause: Error) => {
      throw new UserError('bad-model', `The model ${folder} cannot be read: ${cause.message}`, { cause });
    },
  );
  const { forecast: _, ...rest } = header;
  const hash = createHash('sha256').update(JSON.stringify(rest));
  return hash.update(await readFile(join(folder, 'weights.bin'))).digest('hex');
}

function lineOf({ horizon, axis, n, rmse, staysRmse, skill, coverage, thirds }: ForecastScore): string {
  const intervals = `90 % intervals hold ${percent(coverage)} (thirds by movement ${thirds.map(percent).join(', ')})`;
  return `${axis} in ${horizon} s: RMSE ${rmse.toFixed(4)}, if it stays ${staysRmse.toFixed(4)}, skill ${skill.toFixed(3)}; ${intervals}; ${n} readings`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
