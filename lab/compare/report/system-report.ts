import type { Axis } from '../../../src/types.ts';
import { type Difference, rmseDifference, type SongError } from '../../evaluate/bootstrap.ts';
import { classProbabilities } from '../../evaluate/class-probabilities.ts';
import { classOf, type Scheme } from '../../evaluate/classes.ts';
import {
  type ClassScores,
  type Confusion,
  classScores,
  confusionOf,
  macroAuc,
  type Roc,
  rocsOf,
} from '../../evaluate/classification.ts';
import { pooledRmse, type TrackingScores, trackingScores } from '../../evaluate/score.ts';
import type { ScoredStep } from '../../evaluate/scored-steps.ts';
import { bySong } from '../folds.ts';
import type { SystemOutcome } from '../outcomes.ts';
import type { CurvePoint, SystemCost } from '../system.ts';

/** The results of one system. */
export interface SystemReport {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly oracle: boolean;
  /** All folds pooled, each labeled step counting once. */
  readonly axes: Readonly<Record<Axis, TrackingScores>>;
  /** Over both axes at once. */
  readonly rmse: number;
  readonly folds: readonly {
    readonly fold: string;
    readonly axes: Readonly<Record<Axis, TrackingScores>>;
  }[];
  readonly classes: Readonly<Record<Scheme, ClassReport>>;
  /** RMSE minus RMSE of the reference system; absent for the reference, and when it was not compared. */
  readonly against?: Readonly<Record<Axis, Difference>>;
  readonly cost: SystemCost;
  /** Training and prediction of all folds, in seconds. */
  readonly seconds: number;
  /** Date of its last fold (ISO 8601), and the engines used. */
  readonly date: string;
  readonly engines: readonly string[];
  /** Learning curve of the first fold. */
  readonly curve?: readonly CurvePoint[];
}

export interface FailedSystem {
  readonly name: string;
  readonly title: string;
  readonly failure: string;
}

interface ClassReport extends ClassScores {
  readonly auc: number;
  readonly confusion: Confusion;
  /** Whether it was trained as a classifier. Otherwise classes follow from the predicted point. */
  readonly trained: boolean;
}

/**
 * @param songs keys of the songs of all evaluated steps, in order
 * @param reference the steps of the reference system
 */
export function systemReport(
  { system, predictions }: SystemOutcome,
  songs: readonly string[],
  reference?: readonly ScoredStep[],
): SystemReport {
  const steps = predictions.flatMap(({ steps: ofFold }) => ofFold);
  const axes = trackingScores(bySong(steps, songs).values());
  let from = 0;
  const folds = predictions.map((prediction) => {
    const ofFold = songs.slice(from, from + prediction.steps.length);
    from += prediction.steps.length;
    return { fold: prediction.fold, axes: trackingScores(bySong(prediction.steps, ofFold).values()) };
  });
  const { curve } = predictions[0]!;
  return {
    name: system.name,
    title: system.title,
    about: system.about,
    oracle: system.oracle ?? false,
    axes,
    rmse: pooledRmse(axes),
    folds,
    classes: { quadrants: classReport(predictions, 'quadrants'), words: classReport(predictions, 'words') },
    ...(reference && { against: differences(steps, reference, songs) }),
    cost: predictions.at(-1)!.cost,
    seconds: predictions.reduce((sum, { seconds }) => sum + seconds, 0),
    date: predictions
      .map(({ date }) => date)
      .sort()
      .at(-1)!,
    engines: [...new Set(predictions.map(({ engine }) => engine))],
    ...(curve && { curve }),
  };
}

/** ROC curves of one class against the rest, for each class. */
export function rocsOfSystem({ predictions }: SystemOutcome, scheme: Scheme): Roc[] {
  return rocsOf(probabilitiesOf(predictions, scheme), trueClasses(predictions, scheme));
}

type Predictions = SystemOutcome['predictions'];

function classReport(predictions: Predictions, scheme: Scheme): ClassReport {
  const truth = trueClasses(predictions, scheme);
  const confusion = confusionOf(predictedClasses(predictions, scheme), truth);
  const auc = macroAuc(rocsOf(probabilitiesOf(predictions, scheme), truth));
  return { ...classScores(confusion), auc, confusion, trained: predictions.every(({ classes }) => classes) };
}

function trueClasses(predictions: Predictions, scheme: Scheme): Uint8Array {
  const steps = predictions.flatMap(({ steps: ofFold }) => ofFold);
  return Uint8Array.from(steps, ({ label }) => classOf(scheme, label.valence, label.arousal));
}

/** The most probable class of a classifier, otherwise the class of the predicted point. */
function predictedClasses(predictions: Predictions, scheme: Scheme): number[] {
  return predictions.flatMap(({ steps, classes }) => {
    const shares = classes?.[scheme];
    return steps.map(({ predicted }, i) => {
      if (!shares) return classOf(scheme, predicted.valence, predicted.arousal);
      const ofStep = shares.subarray(4 * i, 4 * i + 4);
      return ofStep.indexOf(Math.max(...ofStep));
    });
  });
}

function probabilitiesOf(predictions: Predictions, scheme: Scheme): Float32Array {
  const parts = predictions.map(
    ({ steps, classes }) => classes?.[scheme] ?? classProbabilities(steps, scheme),
  );
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function differences(
  steps: readonly ScoredStep[],
  reference: readonly ScoredStep[],
  songs: readonly string[],
): Record<Axis, Difference> {
  const of = (axis: Axis) =>
    rmseDifference(songErrors(steps, songs, axis), songErrors(reference, songs, axis));
  return { valence: of('valence'), arousal: of('arousal') };
}

function songErrors(steps: readonly ScoredStep[], songs: readonly string[], axis: Axis): SongError[] {
  return [...bySong(steps, songs).values()].map((song) => ({
    squares: song.reduce((sum, { label, predicted }) => sum + (predicted[axis] - label[axis]) ** 2, 0),
    n: song.length,
  }));
}
