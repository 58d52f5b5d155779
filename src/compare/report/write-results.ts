import { copyFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { writeWhole } from '../write-whole.ts';
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
  for (const { file: name, svg } of pictures) await writeWhole(join(folder, PICTURES, name), svg);
  await writeWhole(file, resultsPage(report, pictures, PICTURES));
  await copyFile(log, join(folder, LOG));
}
