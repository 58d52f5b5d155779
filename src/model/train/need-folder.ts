import { stat } from 'node:fs/promises';
import { UserError } from '../../user-error.ts';

/** @param what it should hold. @throws UserError `bad-data` where it is not there, or is no folder */
export async function needFolder(path: string, what: string): Promise<void> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    const fault = missing
      ? `There is no folder ${path}`
      : `The folder ${path} cannot be read (${cause.code})`;
    throw new UserError('bad-data', `${fault}: name the one that holds ${what}.`, { cause });
  });
  if (found.isDirectory()) return;
  throw new UserError('bad-data', `${path} is a file: name the folder that holds ${what}.`);
}
