import { STEP_SECONDS } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { isValidation } from '../folds.ts';
import type { LabelledClip, LabelledStep } from '../labelled-clips.ts';
import type { FoldTask } from '../system.ts';
import { type Rows, rowsOf, Standardiser } from './learner.ts';

/** A labelled step with where it is. */
export interface PlacedStep extends LabelledStep {
  readonly clip: LabelledClip['clip'];
}

export interface Part {
  readonly rows: Rows;
  readonly steps: readonly PlacedStep[];
}

/** The steps of a fold: those learned from, those that are only measured by, and those judged. Rows are standardised by the first. */
export interface FoldRows {
  readonly learned: Part;
  readonly validation: Part;
  readonly judged: Part;
}

/** Rows of each step of each clip, labelled or not. */
export type HearClips = (
  task: FoldTask,
  clips: readonly LabelledClip[],
) => Promise<Float32Array[] | undefined>;

/**
 * @param width of a row
 * @param stepsPerClip how many steps of a clip are learned from, evenly spaced, as labels hardly move within one
 * @returns undefined where the task's signal ended it
 * @throws UserError `bad-data` where there is nothing to learn from, to validate by or to judge
 */
export async function foldRows(
  task: FoldTask,
  clips: readonly LabelledClip[],
  hear: HearClips,
  width: number,
  stepsPerClip: number,
): Promise<FoldRows | undefined> {
  const { learns, judges } = task.fold;
  const wanted = clips.filter(({ clip }) => learns(clip.song) || judges(clip.song));
  const heard = await hear(task, wanted);
  if (!heard) return undefined;
  const part = (of: (clip: LabelledClip['clip']) => boolean, most: number): Part => {
    const steps: PlacedStep[] = [];
    const rows: Float32Array[] = [];
    for (const [i, { clip, steps: labelled }] of wanted.entries()) {
      if (!of(clip)) continue;
      for (const step of spread(labelled, most)) {
        steps.push({ clip, ...step });
        rows.push(rowOf(heard[i]!, width, step.t, clip.path));
      }
    }
    return { steps, rows: rowsOf(rows, width) };
  };
  const learned = part(({ song }) => learns(song) && !isValidation(song), stepsPerClip);
  const validation = part(({ song }) => learns(song) && isValidation(song), Number.POSITIVE_INFINITY);
  const judged = part(({ song }) => judges(song), Number.POSITIVE_INFINITY);
  for (const { steps } of [learned, validation, judged]) if (steps.length === 0) throw tooFew(task.fold.name);
  const standard = new Standardiser(learned.rows);
  const standardised = ({ steps, rows }: Part): Part => ({ steps, rows: standard.apply(rows) });
  return {
    learned: standardised(learned),
    validation: standardised(validation),
    judged: standardised(judged),
  };
}

/** At most so many of them, from all over. */
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
    `There are too few artists in ${fold} to learn from some, to validate by others and to judge others again; give music of more artists or ask for fewer folds.`,
  );
}
