import { createHash } from 'node:crypto';
import type { Engine } from '../../src/model/engine.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { UserError } from '../../src/user-error.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { scoresOfSteps } from '../evaluate/scored-steps.ts';
import type { Fold } from '../train/protocol.ts';
import { clipsHash } from '../train/protocol-run.ts';
import { type LabelledClip, labelledClips } from './labelled-clips.ts';
import type { AnswerKey, AnswerStore, KeptAnswer } from './prediction-store.ts';
import { checkAnswer } from './prediction-store.ts';
import type { RunLog } from './run-log.ts';
import type { FoldAnswer, System } from './system.ts';

export interface Comparison {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly systems: readonly System[];
  readonly protocol: string;
  readonly folds: readonly Fold[];
  readonly seed: number;
  readonly recipe?: string;
  readonly brief?: true;
  readonly store: AnswerStore;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  readonly watcher?: Watcher;
}

/** Is told how a comparison goes. */
export interface Watcher {
  begin(system: System, fold: string): void;
  progress(done: number, of: number): void;
  /** @param kept whether it was done by an earlier run */
  done(system: System, answer: KeptAnswer, kept: boolean): void;
  failed(system: System, fold: string, reason: string): void;
}

/** What a system said in each fold; or why there is nothing, where it failed in one. */
export interface SystemOutcome {
  readonly system: System;
  readonly answers: readonly KeptAnswer[];
  readonly failure?: string;
}

/**
 * Has every system learn and answer in every fold. What is kept from before is not asked again; a system that
 * fails is told and left out, and the others go on.
 *
 * @returns undefined where `signal` ended it: what was finished is kept
 * @throws UserError `bad-data` where a fold has nothing to learn from or to judge
 */
export async function compareSystems(comparison: Comparison): Promise<SystemOutcome[] | undefined> {
  const { systems, folds, log, watcher } = comparison;
  const clips = await labelledClips(comparison);
  for (const { name, learns, judges } of folds) {
    if (!clips.some(({ clip }) => learns(clip.song)) || !clips.some(({ clip }) => judges(clip.song)))
      throw emptyFold(name);
  }
  const data = dataHash(comparison.dataset, clips);
  const outcomes: SystemOutcome[] = [];
  for (const system of systems) {
    const answers: KeptAnswer[] = [];
    let failure: string | undefined;
    for (const fold of folds) {
      const answer = await foldAnswer(comparison, system, fold, clips, data);
      if (!answer) return undefined;
      if (answer instanceof Failure) {
        failure = `${fold.name}: ${answer.reason}`;
        await log.write({ event: 'failed', system: system.name, fold: fold.name, reason: answer.reason });
        watcher?.failed(system, fold.name, answer.reason);
        break;
      }
      answers.push(answer);
    }
    system.release?.();
    outcomes.push({ system, answers, ...(failure !== undefined && { failure }) });
  }
  return outcomes;
}

/** Of one system, which is no reason to give up the others; a disk that is full is one, and thrown. */
class Failure {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

async function foldAnswer(
  comparison: Comparison,
  system: System,
  fold: Fold,
  clips: readonly LabelledClip[],
  data: string,
): Promise<KeptAnswer | Failure | undefined> {
  const { store, log, signal, watcher } = comparison;
  if (signal.aborted) return undefined;
  const key = keyOf(comparison, system, fold, data);
  const judged = clips.filter(({ clip }) => fold.judges(clip.song));
  const kept = await store.read(key);
  if (kept) {
    await log.write({ event: 'taken-up', system: system.name, fold: fold.name });
    watcher?.done(system, kept, true);
    return kept;
  }
  watcher?.begin(system, fold.name);
  const began = performance.now();
  const onProgress = (done: number, of: number) => watcher?.progress(done, of);
  let given: FoldAnswer | undefined;
  try {
    given = await system.answer({ ...comparison, fold, onProgress });
    if (given) checkAnswer(given, judged);
  } catch (fault) {
    if (signal.aborted) return undefined;
    return new Failure(fault instanceof Error ? fault.message : String(fault));
  }
  if (!given || signal.aborted) return undefined;
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const fresh: KeptAnswer = {
    ...given,
    fold: fold.name,
    date: new Date().toISOString(),
    engine: comparison.engine.description,
    seconds,
  };
  await store.write(key, fresh);
  const answer = (await store.read(key)) ?? fresh; // as a resumed run will find it, to the last digit
  const { valence, arousal } = scoresOfSteps(answer.steps);
  const few = ({ rmse, r2, ccc }: typeof valence) => ({
    rmse: digits(rmse),
    r2: digits(r2),
    ccc: digits(ccc),
  });
  const scores = { valence: few(valence), arousal: few(arousal) };
  await log.write({ event: 'fold', system: system.name, fold: fold.name, seconds, scores });
  watcher?.done(system, answer, false);
  return answer;
}

function keyOf(comparison: Comparison, { name, version }: System, fold: Fold, data: string): AnswerKey {
  const { protocol, folds, seed, recipe = null, brief = false } = comparison;
  return { system: name, version, fold: fold.name, folds: folds.length, protocol, data, seed, recipe, brief };
}

/** Other labels are another comparison as well, which the clips alone do not tell. */
function dataHash(dataset: Dataset, clips: readonly LabelledClip[]): string {
  const hash = createHash('sha256').update(clipsHash(dataset));
  for (const { steps } of clips) {
    hash.update(Float64Array.from(steps.flatMap(({ t, valence, arousal }) => [t, valence, arousal])));
  }
  return hash.digest('hex');
}

function digits(x: number): number {
  return Number(x.toPrecision(6));
}

function emptyFold(name: string): UserError {
  return new UserError(
    'bad-data',
    `There is no music to learn from or to judge in ${name}; give music of more artists or ask for fewer folds.`,
  );
}
