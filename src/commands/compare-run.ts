import { join } from 'node:path';
import { openAnswerStore } from '../compare/answer-store.ts';
import { compareSystems, type Watcher } from '../compare/compare-systems.ts';
import { type CompareProtocol, comparisonFolds } from '../compare/folds.ts';
import { labelledClips } from '../compare/labelled-clips.ts';
import { plainTable } from '../compare/plain-table.ts';
import { openRunLog } from '../compare/run-log.ts';
import type { System } from '../compare/system.ts';
import type { Engine } from '../model/engine.ts';
import type { Dataset } from '../model/train/dataset.ts';
import { scoresOfSteps } from '../model/train/judged-steps.ts';
import type { FftPlans } from '../stream/fft.ts';
import { UserError } from '../user-error.ts';
import type { CompareTask } from './compare.ts';
import { createProgress, type Progress } from './progress.ts';

export interface CompareRequest {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly systems: readonly System[];
  readonly tasks: readonly CompareTask[];
  readonly protocol: CompareProtocol;
  readonly folds: number;
  readonly recipe?: string;
  readonly out: string;
  readonly results?: string;
  readonly seed: number;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** Runs what is not done yet, with progress, and writes what became of it. */
export async function runCompare(request: CompareRequest): Promise<void> {
  const { dataset, engine, systems, protocol, out, seed, json } = request;
  const progress = createProgress();
  const print = (line: string) => json || progress.print(line);
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  const folds = comparisonFolds(protocol, request.folds);
  const log = openRunLog(join(out, 'compare.jsonl'));
  try {
    for (const line of dataset.about) print(line);
    print(
      `${systems.length} systems, ${folds.length} trainings each, seed ${seed}, ${engine.description}.\n`,
    );
    await log.write({
      event: 'begin',
      systems: systems.map(({ name }) => name),
      protocol,
      folds: folds.length,
      seed,
      engine: engine.description,
      data: dataset.about,
    });
    progress.begin('Reading labels', dataset.clips.length);
    let read = 0;
    await labelledClips(request, () => progress.to(++read));
    const outcomes = await compareSystems({
      ...request,
      folds,
      store: openAnswerStore(join(out, 'answers')),
      log,
      watcher: tell(progress, print, systems.length * folds.length),
    });
    if (!outcomes) {
      await log.write({ event: 'stopped', seconds: seconds() });
      throw stopped(out);
    }
    progress.end();
    print(`\nArousal, then valence, all folds pooled:\n\n${plainTable(outcomes)}`);
    await log.write({ event: 'end', seconds: seconds() });
  } finally {
    progress.end();
  }
}

/** A line for each finished fold; between them how far the one in hand is. */
function tell(progress: Progress, print: (line: string) => void, of: number): Watcher {
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
    done(system, { fold, seconds, steps }, kept) {
      done++;
      const { arousal, valence } = scoresOfSteps(steps);
      const rmse = `RMSE arousal ${arousal.rmse.toFixed(3)}, valence ${valence.rmse.toFixed(3)}`;
      print(`${system.title}, ${fold}: ${rmse}; ${kept ? 'kept from before' : `${seconds} s`}`);
    },
    failed(system, fold, reason) {
      print(`${system.title}, ${fold}: failed, and is left out: ${reason}`);
    },
  };
}

function stopped(out: string): UserError {
  return new UserError(
    'stopped',
    `The comparison was stopped; what was finished is in ${out}, and the same command goes on with the rest.`,
  );
}
