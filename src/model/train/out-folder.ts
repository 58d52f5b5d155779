import { access, constants, mkdir } from 'node:fs/promises';
import { UserError } from '../../user-error.ts';
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
