import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { UserError } from '../../src/user-error.ts';

interface IntervalsFlags {
  readonly model: string;
  readonly runs: string[];
}

/** `undertone train-intervals`: calibrates a model's standard deviations on the predictions of protocol runs. */
export function trainIntervalsCommand(): Command {
  return new Command('train-intervals')
    .description("Calibrate a model's 90 % intervals on songs of other artists, years and genres.")
    .requiredOption('--model <dir>', 'folder of the model; its model.json gets the calibration')
    .requiredOption(
      '--runs <dir...>',
      'folders of finished undertone train --protocol runs with the configuration of the model',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ undertone train-intervals --model models/mine --runs runs/folds runs/genres runs/years',
    )
    .action(run);
}

async function run({ model: folder, runs: folders }: IntervalsFlags): Promise<void> {
  const [
    modelFiles,
    { readProtocolRun },
    { calibrateOnSteps },
    { calibrated, coverageOfAxes },
    { textTable },
    { COVERAGE_HEAD, coverageCells },
  ] = await Promise.all([
    import('../../src/model/kinds/undertone/model-file.ts'),
    import('../train/protocol-run.ts'),
    import('../train/calibrate.ts'),
    import('../train/protocol-scores.ts'),
    import('../../src/util/text-table.ts'),
    import('./protocol-tables.ts'),
  ]);
  const file = await modelFiles.readModel(folder);
  const runs = await Promise.all(folders.map((run) => readProtocolRun(run)));
  for (const [i, { plan, folds }] of runs.entries()) {
    if (!isDeepStrictEqual(plan.options.network, file.network)) throw otherNetwork(folders[i]!, folder);
    if (folds.some(({ steps }) => steps.some(({ novelty }) => novelty === undefined)))
      throw noNovelty(folders[i]!);
  }
  const measured = calibrateOnSteps(runs.flatMap(({ folds }) => folds.flatMap(({ steps }) => steps)));
  const coverage = runs.flatMap(({ plan, folds }) =>
    [...folds, { name: `all of ${plan.protocol}`, steps: folds.flatMap(({ steps }) => steps) }].map(
      ({ name, steps }) => ({ of: name, n: steps.length, ...coverageOfAxes(calibrated(steps, measured)) }),
    ),
  );
  await modelFiles.writeModel(folder, { ...file, calibration: { ...file.calibration, ...measured } });
  const event = { type: 'intervals', ...measured, coverage };
  await appendFile(join(folder, 'training.jsonl'), `${JSON.stringify(event)}\n`);
  const rows = coverage.map((one) => [one.of, String(one.n), ...coverageCells(one)]);
  console.log(textTable([['', 'steps', ...COVERAGE_HEAD], ...rows]));
  console.log(`\n90 % intervals contain these shares of the labels (%). Wrote the calibration to ${folder}.`);
}

function otherNetwork(run: string, model: string): UserError {
  return new UserError(
    'bad-runs',
    `${run} is a run of another network than ${model}; run undertone train --protocol with the config.json of the model.`,
  );
}

function noNovelty(run: string): UserError {
  return new UserError(
    'bad-runs',
    `The predictions in ${run} have no column novelty, which earlier versions did not write; run undertone train --protocol again.`,
  );
}
