import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../src/user-error.ts';
import { writeAtomicSync } from '../../src/util/write-atomic.ts';

/**
 * Runs a function that writes a file, and turns its failure into a user error.
 *
 * @param path of the file, for the error message
 * @throws UserError `cannot-write`
 */
export async function withWriteErrors(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw new UserError(
      'cannot-write',
      `${path} cannot be written (${(cause as NodeJS.ErrnoException).code}); free disk space or choose another folder.`,
      { cause },
    );
  }
}

/**
 * Writes a file atomically and creates its folder.
 *
 * @throws UserError `cannot-write`
 */
export function writeResult(path: string, content: string): Promise<void> {
  return withWriteErrors(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    writeAtomicSync(path, content);
  });
}
