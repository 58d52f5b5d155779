import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../src/user-error.ts';
import { writeAtomicSync } from '../../src/util/write-atomic.ts';

/**
 * Writes, and tells a disk or a folder that cannot be written in a sentence.
 *
 * @param path what is written, as people know it
 * @throws UserError `cannot-write`
 */
export async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw new UserError(
      'cannot-write',
      `${path} cannot be written (${(cause as NodeJS.ErrnoException).code}); make room on the disk, or name another folder.`,
      { cause },
    );
  }
}

/**
 * Replaces a file as a whole, and creates its folder.
 *
 * @throws UserError `cannot-write`
 */
export function writeResult(path: string, content: string): Promise<void> {
  return writing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    writeAtomicSync(path, content);
  });
}
