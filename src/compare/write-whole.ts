import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writing } from './writing.ts';

/**
 * A file that appears under its name when it is whole and on the disk, so that neither a crash nor a power cut
 * leaves half of one.
 *
 * @throws UserError `cannot-write`
 */
export function writeWhole(path: string, content: string): Promise<void> {
  return writing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(`${path}.new`, 'w');
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  });
}
