import { setImmediate } from 'node:timers/promises';
import { AXES, type Axis } from '../../../src/types.ts';
import { classOf, SCHEMES, type Scheme } from '../../evaluate/classes.ts';
import type { ScoredStep } from '../../evaluate/scored-steps.ts';
import { labeledClips } from '../labeled-clips.ts';
import { median } from '../step-cost.ts';
import type { FoldPrediction, FoldTask, System } from '../system.ts';
import { type ExtractRows, type FoldPart, type FoldRows, foldRows } from './fold-rows.ts';
import { type FittedModel, type Learner, type Rows, rowAt, rowCount } from './learner.ts';

const TIMED_STEPS = 60;

interface ClassicalOptions extends Pick<System, 'name' | 'title' | 'about' | 'version'> {
  readonly extract: ExtractRows;
  /** Features of a step that `extract` returns. */
  readonly width: number;
  /** Number of steps of a clip to train on. */
  readonly stepsPerClip: number;
  readonly createLearner: (task: FoldTask) => Learner | Promise<Learner>;
}

/**
 * Creates a system from a classical method: one regression for each axis, and one classification for each scheme if the
 * method supports it. Steps are independent of each other. The sd is the RMSE on the validation songs. The cost covers
 * the two regressions only, because the costs of the other systems cover predicting a point.
 */
export function classicalSystem(options: ClassicalOptions): System {
  const { name, title, about, version } = options;
  return { name, title, about, version, predict: (task) => trainAndPredict(task, options) };
}

async function trainAndPredict(
  task: FoldTask,
  { extract, width, stepsPerClip, createLearner }: ClassicalOptions,
): Promise<FoldPrediction | undefined> {
  const learner = await createLearner(task);
  const clips = await labeledClips(task);
  const rows = await foldRows(task, clips, extract, width, stepsPerClip);
  if (!rows) return undefined;
  const pieces = AXES.length + (learner.classify ? SCHEMES.length : 0);
  let done = 0;
  /** Yields to the event loop, because learners block it. @returns whether to continue */
  const pause = async () => {
    task.onProgress(++done, pieces);
    await setImmediate();
    return !task.signal.aborted;
  };

  const fits: FittedModel[] = [];
  try {
    for (const axis of AXES) {
      fits.push(
        learner.regress(rows.training.rows, labels(rows.training, axis), {
          rows: rows.validation.rows,
          targets: labels(rows.validation, axis),
        }),
      );
      if (!(await pause())) return undefined;
    }
    const classes: Partial<Record<Scheme, Float32Array>> = {};
    for (const scheme of learner.classify ? SCHEMES : []) {
      classes[scheme] = classify(learner, rows, scheme);
      if (!(await pause())) return undefined;
    }
    return {
      steps: scoredSteps(rows, fits),
      ...(learner.classify && { classes: classes as Record<Scheme, Float32Array> }),
      cost: {
        parameters: fits.reduce((sum, { parameters }) => sum + parameters, 0),
        bytes: fits.reduce((sum, { bytes }) => sum + bytes, 0),
        msPerStep: medianMs(fits, rows.evaluated.rows),
      },
    };
  } finally {
    for (const fit of fits) fit.free();
  }
}

function labels({ steps }: FoldPart, axis: Axis): Float64Array {
  return Float64Array.from(steps, (step) => step[axis]);
}

function scoredSteps({ validation, evaluated }: FoldRows, fits: readonly FittedModel[]): ScoredStep[] {
  const [valence, arousal] = fits.map((fit) => points(fit, evaluated.rows));
  const [valenceSd, arousalSd] = AXES.map((axis, i) =>
    rmse(points(fits[i]!, validation.rows), labels(validation, axis)),
  );
  const sd = { valence: valenceSd!, arousal: arousalSd! };
  return evaluated.steps.map(({ clip, t, ...label }, i) => ({
    song: clip.song.id,
    file: clip.file,
    t,
    label,
    predicted: { valence: valence![i]!, arousal: arousal![i]! },
    sd,
  }));
}

/** Predictions clipped to [-1, 1], because regressions are unbounded. */
function points(fit: FittedModel, rows: Rows): Float64Array {
  return fit.predict(rows).map((y) => Math.max(-1, Math.min(1, y)));
}

/** Root mean squared error, but never 0, because it serves as a standard deviation. */
function rmse(predicted: Float64Array, truth: Float64Array): number {
  return Math.sqrt(predicted.reduce((sum, y, i) => sum + (y - truth[i]!) ** 2, 0) / predicted.length) || 1e-6;
}

function classify(
  { classify: fitClasses }: Learner,
  { training, evaluated }: FoldRows,
  scheme: Scheme,
): Float32Array {
  const classes = Uint8Array.from(training.steps, ({ valence, arousal }) =>
    classOf(scheme, valence, arousal),
  );
  const only = classes[0]!;
  if (classes.every((one) => one === only)) {
    return Float32Array.from({ length: 4 * evaluated.steps.length }, (_, i) => (i % 4 === only ? 1 : 0));
  }
  const fit = fitClasses!(training.rows, classes);
  try {
    return Float32Array.from(fit.predict(evaluated.rows));
  } finally {
    fit.free();
  }
}

/** Median time in ms of predicting a single step, as in a stream. */
function medianMs(fits: readonly FittedModel[], rows: Rows): number {
  const times = Array.from({ length: TIMED_STEPS }, (_, i) => {
    const row = { width: rows.width, values: rowAt(rows, i % rowCount(rows)) };
    const began = performance.now();
    for (const fit of fits) fit.predict(row);
    return performance.now() - began;
  });
  return median(times);
}
