import { join } from 'node:path';
import { createProgress, type Progress } from '../../src/commands/progress.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { UserError } from '../../src/user-error.ts';
import { type ComparisonReporter, compareSystems } from '../compare/compare-systems.ts';
import { comparisonFolds, evaluatedSongs } from '../compare/folds.ts';
import { compareForecasts } from '../compare/forecasting/compare-forecasts.ts';
import { labeledClips } from '../compare/labeled-clips.ts';
import { plainTable, type SystemOutcome, withStepTimes } from '../compare/outcomes.ts';
import { openPredictionStore } from '../compare/prediction-store.ts';
import { comparisonReport } from '../compare/report/comparison-report.ts';
import { type ForecastReport, forecastReport } from '../compare/report/forecast-report.ts';
import { pictures } from '../compare/report/pictures.ts';
import { prepareResults, writeResults } from '../compare/report/write-results.ts';
import { openRunLog, type RunLog } from '../compare/run-log.ts';
import type { System } from '../compare/system.ts';
import { writeResult } from '../compare/write-file.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { scoresOfSteps } from '../evaluate/score.ts';
import type { Fold } from '../train/protocol.ts';
import { type CompareFlags, commandLine } from './compare-flags.ts';

interface CompareRequest {
  readonly flags: CompareFlags;
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly systems: readonly System[];
  readonly signal: AbortSignal;
}

/** The request with everything that its parts share. */
interface Run extends CompareRequest {
  readonly folds: readonly Fold[];
  readonly log: RunLog;
  readonly progress: Progress;
  readonly print: (line: string) => void;
}

/**
 * Runs the unfinished parts of a comparison with progress, and writes report, pictures and log.
 *
 * @throws UserError `stopped` after an abort; `bad-data`, `cannot-write`
 */
export async function runCompare(request: CompareRequest): Promise<void> {
  const { flags, dataset, engine } = request;
  const { protocol, out, seed, json = false, tasks, results = join(out, 'results.md') } = flags;
  const progress = createProgress();
  const logFile = join(out, 'compare.jsonl');
  const run: Run = {
    ...request,
    folds: comparisonFolds(protocol, flags.folds),
    log: openRunLog(logFile),
    progress,
    print: (line) => json || progress.print(line),
  };
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  try {
    await prepareResults(results);
    await start(run);
    const tracked = tasks.includes('tracking') ? await track(run) : [];
    const outcomes = tracked && (await withStepTimes(tracked, engine));
    const forecasting = outcomes && tasks.includes('forecasting') ? await forecast(run) : undefined;
    if (!outcomes || (tasks.includes('forecasting') && !forecasting)) {
      await run.log.write({ event: 'stopped', seconds: seconds() });
      throw stopped(out);
    }
    await run.log.write({ event: 'end', seconds: seconds() });
    const clips = await labeledClips(request);
    const report = comparisonReport({
      command: commandLine(flags),
      engine: engine.description,
      ...{ seed, protocol, clips, outcomes },
      ...(flags.recipe !== undefined && { recipe: flags.recipe }),
      about: dataset.about,
      folds: run.folds,
      ...(forecasting && { forecasting }),
      date: new Date().toISOString(),
    });
    await writeResult(join(out, 'report.json'), `${JSON.stringify(report)}\n`);
    await writeResults(
      results,
      report,
      pictures(report, outcomes, evaluatedSongs(run.folds, clips)),
      logFile,
    );
    progress.end();
    if (json) console.log(JSON.stringify(report));
    if (outcomes.length > 0)
      run.print(`\nArousal, then valence, all folds pooled:\n\n${plainTable(outcomes)}`);
    run.print(`\nWrote the report to ${results}.`);
  } finally {
    progress.end();
  }
}

async function start(run: Run): Promise<void> {
  const { dataset, engine, systems, folds, log, progress, print, flags } = run;
  for (const line of dataset.about) print(line);
  print(`${systems.length} systems, ${folds.length} folds, seed ${flags.seed}, ${engine.description}.\n`);
  await log.write({
    event: 'begin',
    systems: systems.map(({ name }) => name),
    protocol: flags.protocol,
    folds: folds.length,
    seed: flags.seed,
    engine: engine.description,
    data: dataset.about,
  });
  progress.begin('Reading labels', dataset.clips.length);
  let read = 0;
  await labeledClips(run, () => progress.to(++read));
}

function track(run: Run): Promise<SystemOutcome[] | undefined> {
  const { flags, progress, print, systems, folds } = run;
  const { protocol, seed, recipe, out } = flags;
  return compareSystems({
    ...run,
    ...{ protocol, seed, ...(recipe !== undefined && { recipe }) },
    store: openPredictionStore(join(out, 'answers')),
    reporter: progressReporter(progress, print, systems.length * folds.length),
  });
}

async function forecast(run: Run): Promise<ForecastReport | undefined> {
  const { flags, progress } = run;
  const { protocol, seed, out } = flags;
  let begun = false;
  const outcome = await compareForecasts({
    ...run,
    ...{ protocol, seed },
    folder: join(out, 'forecasting'),
    onPart(_, done, of) {
      if (!begun) progress.begin('Forecasting', of);
      begun = true;
      progress.to(done);
    },
  });
  return outcome && forecastReport(outcome);
}

/** Prints a line for each finished fold and shows the progress of the current one. */
function progressReporter(progress: Progress, print: (line: string) => void, of: number): ComparisonReporter {
  let [done, what, total] = [0, '', 0];
  return {
    begin(system, fold) {
      what = `${system.title}, ${fold} (${done + 1} of ${of})`;
      total = 0;
    },
    progress(part, parts) {
      if (parts !== total) progress.begin(what, parts);
      total = parts;
      progress.to(part);
    },
    done(system, { fold, seconds, steps }, stored) {
      done++;
      const { arousal, valence } = scoresOfSteps(steps);
      const rmse = `RMSE arousal ${arousal.rmse.toFixed(3)}, valence ${valence.rmse.toFixed(3)}`;
      print(`${system.title}, ${fold}: ${rmse}; ${stored ? 'reused from an earlier run' : `${seconds} s`}`);
    },
    failed(system, fold, reason) {
      print(`${system.title}, ${fold}: failed and is left out: ${reason}`);
    },
  };
}

function stopped(out: string): UserError {
  return new UserError(
    'stopped',
    `The comparison was stopped. Finished folds are in ${out}; run the same command again to continue.`,
  );
}
