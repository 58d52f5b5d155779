import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A folder (`deam`, `clips`, …) of the optional data that UNDERTONE_DATA names; undefined without it. Tests that need
 * it are then skipped.
 */
export function dataFolder(part: string): string | undefined {
  const root = process.env.UNDERTONE_DATA;
  const folder = root && join(root, part);
  return folder && existsSync(folder) ? folder : undefined;
}
