import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A part of the optional data folder (`deam`, `clips`, …) that UNDERTONE_DATA names, or undefined where
 * there is none. Tests that need it are skipped without it.
 */
export function dataFolder(part: string): string | undefined {
  const root = process.env.UNDERTONE_DATA;
  const folder = root && join(root, part);
  return folder && existsSync(folder) ? folder : undefined;
}
