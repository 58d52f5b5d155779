import { access, constants, copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../../src/user-error.ts';
import { writeResult, writing } from '../writing.ts';
import type { ComparisonReport } from './comparison-report.ts';
import type { Picture } from './pictures.ts';
import { resultsPage } from './results-page.ts';

const PICTURES = 'img/results';
const LOG = 'results.jsonl';

/** The report with its pictures in `img/results` and the run's log beside it. */
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
  await writing(beside, () => copyFile(log, beside));
}

/**
 * Makes the report's folder. Found out now and not after an hour: that it cannot be written.
 *
 * @throws UserError `cannot-write`
 */
export async function prepareResults(file: string): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory())
    throw new UserError('cannot-write', `${file} is a folder; name the file that --results is to write.`);
  const folder = dirname(resolve(file));
  await writing(folder, async () => {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  });
}
