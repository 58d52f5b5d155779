import { readFile } from 'node:fs/promises';
import { writeResult } from '../writing.ts';
import type { ForecastErrors } from './forecast-errors.ts';

interface Kept {
  readonly key: unknown;
  readonly errors: ForecastErrors;
}

/** What was kept under the same key; undefined where there is none, or it is damaged. */
export async function readPart(path: string, key: unknown): Promise<ForecastErrors | undefined> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as Kept; // written by this program and read by nothing else
    return JSON.stringify(kept.key) === JSON.stringify(key) ? kept.errors : undefined;
  } catch {
    return undefined;
  }
}

export function writePart(path: string, key: unknown, errors: ForecastErrors): Promise<void> {
  return writeResult(path, `${JSON.stringify({ key, errors } satisfies Kept)}\n`);
}
