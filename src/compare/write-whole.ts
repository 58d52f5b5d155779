import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../user-error.ts';

/**
 * A file that appears under its name when it is whole and on the disk, so that neither a crash nor a power cut
 * leaves half of one.
 *
 * @throws UserError `cannot-write`
 */
export async function writeWhole(path: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(`${path}.new`, 'w');
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  } catch (cause) {
    throw new UserError(
      'cannot-write',
      `${path} cannot be written (${(cause as NodeJS.ErrnoException).code}); make room on the disk, or name another folder.`,
      { cause },
    );
  }
}
