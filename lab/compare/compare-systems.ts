import { createHash } from 'node:crypto';
import type { Engine } from '../../src/model/engine.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { UserError } from '../../src/user-error.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { scoresOfSteps } from '../evaluate/score.ts';
import type { Fold } from '../train/protocol.ts';
import { clipsHash } from '../train/protocol-run.ts';
import { checkPrediction } from './check-prediction.ts';
import { type LabeledClip, labeledClips } from './labeled-clips.ts';
import type { SystemOutcome } from './outcomes.ts';
import type { PredictionKey, PredictionStore, StoredPrediction } from './prediction-store.ts';
import type { RunLog } from './run-log.ts';
import type { FoldPrediction, System } from './system.ts';

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
  readonly store: PredictionStore;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  readonly reporter?: ComparisonReporter;
}

/** Receives the progress of a comparison. */
export interface ComparisonReporter {
  begin(system: System, fold: string): void;
  progress(done: number, of: number): void;
  /** @param stored whether the prediction comes from an earlier run */
  done(system: System, prediction: StoredPrediction, stored: boolean): void;
  failed(system: System, fold: string, reason: string): void;
}

/**
 * Trains every system in every fold and collects its predictions. Reuses stored predictions. A system that fails is
 * reported and left out; the comparison continues with the others.
 *
 * @returns undefined when `signal` aborted it; finished folds stay in the store
 * @throws UserError `bad-data` when a fold has no songs to train on or to evaluate; `cannot-write`
 */
export async function compareSystems(comparison: Comparison): Promise<SystemOutcome[] | undefined> {
  const { systems, folds, log, reporter } = comparison;
  const clips = await labeledClips(comparison);
  for (const { name, isTraining, isEvaluated } of folds) {
    if (!clips.some(({ clip }) => isTraining(clip.song)) || !clips.some(({ clip }) => isEvaluated(clip.song)))
      throw emptyFold(name);
  }
  const data = dataHash(comparison.dataset, clips);
  const outcomes: SystemOutcome[] = [];
  for (const system of systems) {
    const predictions: StoredPrediction[] = [];
    let failure: string | undefined;
    for (const fold of folds) {
      const prediction = await foldPrediction(comparison, system, fold, clips, data);
      if (!prediction) return undefined;
      if (prediction instanceof Failure) {
        failure = `${fold.name}: ${prediction.reason}`;
        await log.write({ event: 'failed', system: system.name, fold: fold.name, reason: prediction.reason });
        reporter?.failed(system, fold.name, prediction.reason);
        break;
      }
      predictions.push(prediction);
    }
    system.release?.();
    outcomes.push({ system, predictions, ...(failure !== undefined && { failure }) });
  }
  return outcomes;
}

/** Failure of one system. Unlike an error (such as a full disk), it does not end the comparison. */
class Failure {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

async function foldPrediction(
  comparison: Comparison,
  system: System,
  fold: Fold,
  clips: readonly LabeledClip[],
  data: string,
): Promise<StoredPrediction | Failure | undefined> {
  const { store, log, signal, reporter } = comparison;
  if (signal.aborted) return undefined;
  const key = keyOf(comparison, system, fold, data);
  const evaluated = clips.filter(({ clip }) => fold.isEvaluated(clip.song));
  const stored = await store.read(key);
  if (stored) {
    await log.write({ event: 'reused', system: system.name, fold: fold.name });
    reporter?.done(system, stored, true);
    return stored;
  }
  reporter?.begin(system, fold.name);
  const began = performance.now();
  const onProgress = (done: number, of: number) => reporter?.progress(done, of);
  let made: FoldPrediction | undefined;
  try {
    made = await system.predict({ ...comparison, fold, onProgress });
    if (made) checkPrediction(made, evaluated);
  } catch (fault) {
    if (signal.aborted) return undefined;
    return new Failure(fault instanceof Error ? fault.message : String(fault));
  }
  if (!made || signal.aborted) return undefined;
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const fresh: StoredPrediction = {
    ...made,
    fold: fold.name,
    date: new Date().toISOString(),
    engine: comparison.engine.description,
    seconds,
  };
  await store.write(key, fresh);
  const prediction = (await store.read(key)) ?? fresh; // exactly as a resumed run reads it
  const { valence, arousal } = scoresOfSteps(prediction.steps);
  const rounded = ({ rmse, r2, ccc }: typeof valence) => ({
    rmse: digits(rmse),
    r2: digits(r2),
    ccc: digits(ccc),
  });
  const scores = { valence: rounded(valence), arousal: rounded(arousal) };
  await log.write({ event: 'fold', system: system.name, fold: fold.name, seconds, scores });
  reporter?.done(system, prediction, false);
  return prediction;
}

function keyOf(comparison: Comparison, { name, version }: System, fold: Fold, data: string): PredictionKey {
  const { protocol, folds, seed, recipe = null, brief = false } = comparison;
  return { system: name, version, fold: fold.name, folds: folds.length, protocol, data, seed, recipe, brief };
}

/** SHA-256 over clips and labels: other labels make another comparison. */
function dataHash(dataset: Dataset, clips: readonly LabeledClip[]): string {
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
    `${name} has no songs to train on or no songs to evaluate; add music by more artists or use fewer folds.`,
  );
}
