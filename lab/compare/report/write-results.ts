import { access, constants, copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../../src/user-error.ts';
import { withWriteErrors, writeResult } from '../write-file.ts';
import type { ComparisonReport } from './comparison-report.ts';
import type { Picture } from './pictures.ts';
import { resultsPage } from './results-page.ts';

const PICTURES = 'img/results';
const LOG = 'results.jsonl';

/**
 * Writes the report, its pictures to `img/results` beside it, and a copy of the log to `results.jsonl` beside it.
 *
 * @param log path of the log of the run
 * @throws UserError `cannot-write`
 */
export async function writeResults(
  file: string,
  report: ComparisonReport,
  pictures: readonly Picture[],
  log: string,
): Promise<void> {
  const folder = dirname(resolve(file));
  for (const { file: name, svg } of pictures) await writeResult(join(folder, PICTURES, name), svg);
  await writeResult(file, resultsPage(report, pictures, PICTURES));
  const beside = join(folder, LOG);
  await withWriteErrors(beside, () => copyFile(log, beside));
}

/**
 * Creates the folder of the report and checks that it is writable, before hours of training.
 *
 * @throws UserError `cannot-write`
 */
export async function prepareResults(file: string): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory())
    throw new UserError('cannot-write', `${file} is a folder; choose a file for --results.`);
  const folder = dirname(resolve(file));
  await withWriteErrors(folder, async () => {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  });
}
