import { join } from 'node:path';
import { MODELS_FOLDER } from '../load.ts';
import { type ActivityDetector, createActivityDetector } from './activity-detector.ts';
import { readActivityFile } from './activity-file.ts';

/**
 * Loads the detector that comes with undertone, or another one.
 *
 * @throws UserError `bad-model`
 */
export async function loadActivityDetector(
  folder: string = join(MODELS_FOLDER, 'activity'),
): Promise<ActivityDetector> {
  return createActivityDetector(await readActivityFile(folder));
}
