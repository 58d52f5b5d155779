import type { Axis } from '../../../src/types.ts';
import { type Difference, rmseDifference, type SongError } from '../../evaluate/bootstrap.ts';
import { classOf, classProbabilities } from '../../evaluate/class-probabilities.ts';
import {
  type ClassScores,
  type Confusion,
  classScores,
  confusionOf,
  macroAuc,
  type Roc,
  rocsOf,
} from '../../evaluate/classification.ts';
import type { ScoredStep } from '../../evaluate/scored-steps.ts';
import { pooledRmse, type TrackingScores, trackingScores } from '../../evaluate/tracking-scores.ts';
import type { SystemOutcome } from '../compare-systems.ts';
import { bySong } from '../folds.ts';
import type { CurvePoint, Scheme, SystemCost } from '../system.ts';

/** All that is said of a system in a report. */
export interface SystemReport {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly oracle: boolean;
  /** All folds pooled, each labelled step counting once. */
  readonly axes: Readonly<Record<Axis, TrackingScores>>;
  /** Over both axes at once. */
  readonly rmse: number;
  readonly folds: readonly {
    readonly fold: string;
    readonly axes: Readonly<Record<Axis, TrackingScores>>;
  }[];
  readonly classes: Readonly<Record<Scheme, ClassReport>>;
  /** RMSE less that of the system that all are held against; absent for that one itself, and where it is not there. */
  readonly against?: Readonly<Record<Axis, Difference>>;
  readonly cost: SystemCost;
  /** Learning and answering, all folds. */
  readonly seconds: number;
  /** When its last fold was done, and on what. */
  readonly date: string;
  readonly engines: readonly string[];
  /** Of the first fold. */
  readonly curve?: readonly CurvePoint[];
}

export interface FailedSystem {
  readonly name: string;
  readonly title: string;
  readonly failure: string;
}

export interface ClassReport extends ClassScores {
  readonly auc: number;
  readonly confusion: Confusion;
  /** Whether it was trained to tell these classes; else they follow from the point that it said. */
  readonly trained: boolean;
}

/**
 * @param songs of all judged steps in their order
 * @param reference the steps of the system that all are held against
 */
export function systemReport(
  { system, answers }: SystemOutcome,
  songs: readonly string[],
  reference?: readonly ScoredStep[],
): SystemReport {
  const steps = answers.flatMap((answer) => answer.steps);
  const axes = trackingScores(bySong(steps, songs).values());
  let from = 0;
  const folds = answers.map((answer) => {
    const ofFold = songs.slice(from, from + answer.steps.length);
    from += answer.steps.length;
    return { fold: answer.fold, axes: trackingScores(bySong(answer.steps, ofFold).values()) };
  });
  const { curve } = answers[0]!;
  return {
    name: system.name,
    title: system.title,
    about: system.about,
    oracle: system.oracle ?? false,
    axes,
    rmse: pooledRmse(axes),
    folds,
    classes: { quadrants: classReport(answers, 'quadrants'), words: classReport(answers, 'words') },
    ...(reference && { against: differences(steps, reference, songs) }),
    cost: answers.at(-1)!.cost,
    seconds: answers.reduce((sum, { seconds }) => sum + seconds, 0),
    date: answers
      .map(({ date }) => date)
      .sort()
      .at(-1)!,
    engines: [...new Set(answers.map(({ engine }) => engine))],
    ...(curve && { curve }),
  };
}

/** One class against the rest, for each class. */
export function rocsOfSystem({ answers }: SystemOutcome, scheme: Scheme): Roc[] {
  return rocsOf(probabilitiesOf(answers, scheme), truthOf(answers, scheme));
}

type Answers = SystemOutcome['answers'];

function classReport(answers: Answers, scheme: Scheme): ClassReport {
  const truth = truthOf(answers, scheme);
  const confusion = confusionOf(saidOf(answers, scheme), truth);
  const auc = macroAuc(rocsOf(probabilitiesOf(answers, scheme), truth));
  return { ...classScores(confusion), auc, confusion, trained: answers.every(({ classes }) => classes) };
}

function truthOf(answers: Answers, scheme: Scheme): Uint8Array {
  const steps = answers.flatMap((answer) => answer.steps);
  return Uint8Array.from(steps, ({ label }) => classOf(scheme, label.valence, label.arousal));
}

/** The likeliest class of a classifier; else where the point lies. */
function saidOf(answers: Answers, scheme: Scheme): number[] {
  return answers.flatMap(({ steps, classes }) => {
    const likely = classes?.[scheme];
    return steps.map(({ said }, i) => {
      if (!likely) return classOf(scheme, said.valence, said.arousal);
      const ofStep = likely.subarray(4 * i, 4 * i + 4);
      return ofStep.indexOf(Math.max(...ofStep));
    });
  });
}

function probabilitiesOf(answers: Answers, scheme: Scheme): Float32Array {
  const parts = answers.map(({ steps, classes }) => classes?.[scheme] ?? classProbabilities(steps, scheme));
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
    squares: song.reduce((sum, { label, said }) => sum + (said[axis] - label[axis]) ** 2, 0),
    n: song.length,
  }));
}
