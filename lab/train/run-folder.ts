import { access, constants, mkdir } from 'node:fs/promises';
import { UserError } from '../../src/user-error.ts';
import { readCheckpoint } from './checkpoint.ts';

/**
 * Makes the folder that a training writes to. Found out now and not after hours: that it cannot be made, or
 * that a training waits there to be taken up again.
 */
export async function prepareFolder(folder: string, resumed: boolean): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new UserError(
      'bad-output',
      `The folder ${folder} cannot be written (${(cause as Error).message}); give another with --out.`,
      { cause },
    );
  }
  const waiting = resumed ? undefined : await readCheckpoint(folder);
  if (!waiting) return;
  throw new UserError(
    'unfinished',
    `The folder ${folder} holds a training that was stopped after epoch ${waiting.fit.epochs} of ${waiting.options.epochs}; go on with \`undertone train --resume ${folder}\`, or remove its checkpoint.bin, or give another folder with --out.`,
  );
}

/** What a person is told who stopped a training: how to go on. */
export function stopped(at?: {
  readonly out: string;
  readonly epoch: number;
  readonly epochs: number;
}): UserError {
  return new UserError(
    'stopped',
    at && at.epoch > 0
      ? `The training was stopped after epoch ${at.epoch} of ${at.epochs}; go on with \`undertone train --resume ${at.out}\`, or let it end there with --epochs ${at.epoch} besides.`
      : 'The training was stopped before its first epoch ended, so there is nothing to go on from; start it again, what was heard is kept.',
  );
}

export function stoppedInRefit(out: string): UserError {
  return new UserError(
    'stopped',
    `The training was stopped while it learned from the validation songs as well; go on with \`undertone train --resume ${out}\`, which begins that part anew.`,
  );
}

/**
 * Holds what goes on to the engine that it began on: another one rounds otherwise, and the rest of the run would
 * follow from neither the seed nor the log.
 *
 * @param began description of that engine; undefined where it was not noted then
 * @returns a sentence for people where it cannot be known whether it is the same
 * @throws UserError `bad-checkpoint` where it is another
 */
export function checkSameEngine(
  what: string,
  folder: string,
  began: string | undefined,
  now: string,
): string | undefined {
  if (began === now) return undefined;
  if (began === undefined) {
    return `It is not noted on which engine the ${what} in ${folder} began: unless it was ${now} too, it cannot be repeated from its seed.`;
  }
  throw new UserError(
    'bad-checkpoint',
    `The ${what} in ${folder} was begun on ${began} and this is ${now}, which gives other numbers; choose the first with --engine, or begin anew with another --out.`,
  );
}
