import { STEP_SECONDS } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { isValidation } from '../folds.ts';
import type { LabeledClip, LabeledStep } from '../labeled-clips.ts';
import type { FoldTask } from '../system.ts';
import { type Rows, rowsOf, Standardizer } from './learner.ts';

/** A labeled step with its clip. */
interface PlacedStep extends LabeledStep {
  readonly clip: LabeledClip['clip'];
}

export interface FoldPart {
  readonly rows: Rows;
  readonly steps: readonly PlacedStep[];
}

/** The steps of a fold. Rows are standardized by the mean and sd of the training rows. */
export interface FoldRows {
  readonly training: FoldPart;
  readonly validation: FoldPart;
  readonly evaluated: FoldPart;
}

/** Extracts the features of all steps of each clip: [steps, width]. Undefined when the signal of the task aborted it. */
export type ExtractRows = (
  task: FoldTask,
  clips: readonly LabeledClip[],
) => Promise<Float32Array[] | undefined>;

/**
 * Extracts the rows of a fold and divides them into training, validation and evaluated songs.
 *
 * @param width of a row
 * @param stepsPerClip number of steps of a clip to train on, evenly spaced, because labels barely change within a clip
 * @returns undefined when the signal of the task aborted it
 * @throws UserError `bad-data` when one of the three parts is empty
 */
export async function foldRows(
  task: FoldTask,
  clips: readonly LabeledClip[],
  extract: ExtractRows,
  width: number,
  stepsPerClip: number,
): Promise<FoldRows | undefined> {
  const { isTraining, isEvaluated } = task.fold;
  const wanted = clips.filter(({ clip }) => isTraining(clip.song) || isEvaluated(clip.song));
  const extracted = await extract(task, wanted);
  if (!extracted) return undefined;
  const part = (of: (clip: LabeledClip['clip']) => boolean, most: number): FoldPart => {
    const steps: PlacedStep[] = [];
    const rows: Float32Array[] = [];
    for (const [i, { clip, steps: labeled }] of wanted.entries()) {
      if (!of(clip)) continue;
      for (const step of spread(labeled, most)) {
        steps.push({ clip, ...step });
        rows.push(rowOf(extracted[i]!, width, step.t, clip.path));
      }
    }
    return { steps, rows: rowsOf(rows, width) };
  };
  const training = part(({ song }) => isTraining(song) && !isValidation(song), stepsPerClip);
  const validation = part(({ song }) => isTraining(song) && isValidation(song), Number.POSITIVE_INFINITY);
  const evaluated = part(({ song }) => isEvaluated(song), Number.POSITIVE_INFINITY);
  for (const { steps } of [training, validation, evaluated])
    if (steps.length === 0) throw tooFew(task.fold.name);
  const standard = new Standardizer(training.rows);
  const standardized = ({ steps, rows }: FoldPart): FoldPart => ({ steps, rows: standard.apply(rows) });
  return {
    training: standardized(training),
    validation: standardized(validation),
    evaluated: standardized(evaluated),
  };
}

/** At most `most` elements, evenly spaced. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / most)]!);
}

function rowOf(rows: Float32Array, width: number, t: number, path: string): Float32Array {
  const step = Math.round(t / STEP_SECONDS) - 1;
  const row = rows.subarray(step * width, (step + 1) * width);
  if (row.length === width) return row;
  throw new Error(`${path} has ${rows.length / width} rows, but a label at ${t} s`);
}

function tooFew(fold: string): UserError {
  return new UserError(
    'bad-data',
    `${fold} has too few artists for training, validation and evaluated songs; add music by more artists or use fewer folds.`,
  );
}
