import { setImmediate } from 'node:timers/promises';
import { quadrantOf } from '../../../src/mood.ts';
import { AXES, type Axis } from '../../../src/types.ts';
import { wordOf } from '../../evaluate/quadrants.ts';
import type { ScoredStep } from '../../evaluate/scored-steps.ts';
import { labelledClips } from '../labelled-clips.ts';
import { median } from '../step-cost.ts';
import { type FoldAnswer, type FoldTask, SCHEMES, type Scheme, type System } from '../system.ts';
import { type FoldRows, foldRows, type HearClips, type Part } from './fold-rows.ts';
import type { Learned, Learner } from './learner.ts';
import { type Rows, rowAt, rowCount } from './learner.ts';

const CLASS_OF: Readonly<Record<Scheme, (valence: number, arousal: number) => number>> = {
  quadrants: quadrantOf,
  words: wordOf,
};
const TIMED_STEPS = 60;

export interface ClassicalOptions extends Pick<System, 'name' | 'title' | 'about' | 'version'> {
  readonly hear: HearClips;
  /** Numbers that `hear` gives of a step. */
  readonly width: number;
  /** Steps of a clip that are learned from. */
  readonly stepsPerClip: number;
  readonly createLearner: (task: FoldTask) => Learner | Promise<Learner>;
}

/**
 * A system of a classical method: one regression for each axis, and one classification for each scheme where the
 * method has any. It hears each step by itself. Its sd is the RMSE on the validation songs. What it costs is what the
 * two regressions cost, as the others' costs are those of saying a point.
 */
export function classicalSystem(options: ClassicalOptions): System {
  const { name, title, about, version } = options;
  return { name, title, about, version, answer: (task) => answer(task, options) };
}

async function answer(
  task: FoldTask,
  { hear, width, stepsPerClip, createLearner }: ClassicalOptions,
): Promise<FoldAnswer | undefined> {
  const learner = await createLearner(task);
  const clips = await labelledClips(task);
  const rows = await foldRows(task, clips, hear, width, stepsPerClip);
  if (!rows) return undefined;
  const pieces = AXES.length + (learner.classify ? SCHEMES.length : 0);
  let done = 0;
  /** Lets what waits have its turn, a wish to stop among it, as learners block. @returns whether to go on */
  const paused = async () => {
    task.onProgress(++done, pieces);
    await setImmediate();
    return !task.signal.aborted;
  };

  const fits: Learned[] = [];
  try {
    for (const axis of AXES) {
      fits.push(
        learner.regress(rows.learned.rows, labels(rows.learned, axis), {
          rows: rows.validation.rows,
          targets: labels(rows.validation, axis),
        }),
      );
      if (!(await paused())) return undefined;
    }
    const classes: Partial<Record<Scheme, Float32Array>> = {};
    for (const scheme of learner.classify ? SCHEMES : []) {
      classes[scheme] = classify(learner, rows, scheme);
      if (!(await paused())) return undefined;
    }
    return {
      steps: scoredSteps(rows, fits),
      ...(learner.classify && { classes: classes as Record<Scheme, Float32Array> }),
      cost: {
        parameters: fits.reduce((sum, { parameters }) => sum + parameters, 0),
        bytes: fits.reduce((sum, { bytes }) => sum + bytes, 0),
        msPerStep: medianMs(fits, rows.judged.rows),
      },
    };
  } finally {
    for (const fit of fits) fit.free();
  }
}

function labels({ steps }: Part, axis: Axis): Float64Array {
  return Float64Array.from(steps, (step) => step[axis]);
}

function scoredSteps({ validation, judged }: FoldRows, fits: readonly Learned[]): ScoredStep[] {
  const [valence, arousal] = fits.map((fit) => points(fit, judged.rows));
  const [valenceSd, arousalSd] = AXES.map((axis, i) =>
    rmse(points(fits[i]!, validation.rows), labels(validation, axis)),
  );
  const sd = { valence: valenceSd!, arousal: arousalSd! };
  return judged.steps.map(({ clip, t, ...label }, i) => ({
    song: clip.song.id,
    file: clip.file,
    t,
    label,
    said: { valence: valence![i]!, arousal: arousal![i]! },
    sd,
  }));
}

/** A point lies in the plane, however far a line goes on. */
function points(fit: Learned, rows: Rows): Float64Array {
  return fit.predict(rows).map((y) => Math.max(-1, Math.min(1, y)));
}

/** Never 0, which no standard deviation is. */
function rmse(said: Float64Array, truth: Float64Array): number {
  return Math.sqrt(said.reduce((sum, y, i) => sum + (y - truth[i]!) ** 2, 0) / said.length) || 1e-6;
}

function classify({ classify: learn }: Learner, { learned, judged }: FoldRows, scheme: Scheme): Float32Array {
  const classes = Uint8Array.from(learned.steps, ({ valence, arousal }) =>
    CLASS_OF[scheme](valence, arousal),
  );
  const only = classes[0]!;
  if (classes.every((one) => one === only)) {
    return Float32Array.from({ length: 4 * judged.steps.length }, (_, i) => (i % 4 === only ? 1 : 0));
  }
  const fit = learn!(learned.rows, classes);
  try {
    return Float32Array.from(fit.predict(judged.rows));
  } finally {
    fit.free();
  }
}

/** Of a step by itself, as a stream has it. */
function medianMs(fits: readonly Learned[], rows: Rows): number {
  const times = Array.from({ length: TIMED_STEPS }, (_, i) => {
    const row = { width: rows.width, values: rowAt(rows, i % rowCount(rows)) };
    const began = performance.now();
    for (const fit of fits) fit.predict(row);
    return performance.now() - began;
  });
  return median(times);
}
