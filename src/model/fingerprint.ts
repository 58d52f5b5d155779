import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findModel, type LoadOptions } from './load.ts';

/** What changes the output of a model: its description and weights, but not its card and pictures. */
const IS_PART = /^model\.json$|\.bin$/;

/**
 * A digest of a model's own files: a state that one model left is of no use to another, even under the same name.
 *
 * @throws UserError `unknown-model`
 */
export async function modelFingerprint(name: string, options: LoadOptions = {}): Promise<string> {
  const folder = await findModel(name, options);
  const hash = createHash('sha256');
  for (const file of (await readdir(folder)).filter((one) => IS_PART.test(one)).sort())
    hash.update(file).update(await readFile(join(folder, file)));
  return hash.digest('hex');
}
