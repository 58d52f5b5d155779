import { access, constants, mkdir } from 'node:fs/promises';
import { UserError } from '../../src/user-error.ts';
import { readCheckpoint } from './checkpoint.ts';

/*
 * The folder of a run: how a run starts in it, and what an interrupted run needs to continue.
 */

/**
 * Creates the folder that a training writes to and checks it before the training, which may take hours.
 *
 * @param resumed whether the run continues the one in the folder
 * @throws UserError `bad-output` if it cannot be written; `unfinished` if it holds another unfinished training
 */
export async function prepareFolder(folder: string, resumed: boolean): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new UserError(
      'bad-output',
      `The folder ${folder} cannot be written (${(cause as Error).message}); choose another with --out.`,
      { cause },
    );
  }
  const unfinished = resumed ? undefined : await readCheckpoint(folder);
  if (!unfinished) return;
  throw new UserError(
    'unfinished',
    `The folder ${folder} holds a training that was stopped after epoch ${unfinished.fit.epochs} of ${unfinished.options.epochs}; continue it with \`undertone train --resume ${folder}\`, remove its checkpoint.bin, or choose another folder with --out.`,
  );
}

/**
 * Checks that a resumed run uses the engine that it was started with. Another engine rounds differently, so the result
 * could not be reproduced from the seed.
 *
 * @param what `training` or `run`
 * @param began description of the first engine; undefined if it was not recorded
 * @returns a warning if it is unknown whether the engines are the same
 * @throws UserError `bad-checkpoint` if they are not
 */
export function checkSameEngine(
  what: string,
  folder: string,
  began: string | undefined,
  now: string,
): string | undefined {
  if (began === now) return undefined;
  if (began === undefined) {
    return `The engine that started the ${what} in ${folder} was not recorded. If it was not ${now}, the result cannot be reproduced from the seed.`;
  }
  throw new UserError(
    'bad-checkpoint',
    `The ${what} in ${folder} was started on ${began}; ${now} gives other numbers. Choose the first engine with --engine, or start again with another --out.`,
  );
}

/** The error of an interrupted training. @param at the run and its last finished epoch; absent before the first epoch */
export function interrupted(at?: {
  readonly out: string;
  readonly epoch: number;
  readonly epochs: number;
}): UserError {
  return new UserError(
    'stopped',
    at && at.epoch > 0
      ? `The training was stopped after epoch ${at.epoch} of ${at.epochs}; continue it with \`undertone train --resume ${at.out}\`. Add --epochs ${at.epoch} to finish it without further epochs.`
      : 'The training was stopped during its first epoch, so there is no checkpoint; start it again. Extracted features are kept in the cache.',
  );
}

/** The error of a run that was interrupted after early stopping, in the trainings for calibration and refit. */
export function refitInterrupted(out: string): UserError {
  return new UserError(
    'stopped',
    `The training was stopped after its last checkpoint, while it was training again for the calibration or on the validation songs; continue it with \`undertone train --resume ${out}\`, which repeats that part.`,
  );
}
