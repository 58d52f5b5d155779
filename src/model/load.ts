import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmotionModel } from '../types.ts';
import { UserError } from '../user-error.ts';
import { PACKAGE_ROOT } from '../util/package.ts';
import type { Engine } from './engine.ts';
import { MODEL_KINDS } from './kinds/index.ts';
import type { ModelKind, StoredModel } from './kinds/kind.ts';
import { badHeader } from './weights.ts';

/** The models that come with undertone; the same folder from `src/` and from `dist/`. */
export const MODELS_FOLDER = join(PACKAGE_ROOT, 'models');

export interface LoadOptions {
  /** Where models, and the pretrained weights that they share, are looked for by name. */
  readonly modelsFolder?: string;
}

/**
 * Loads a model onto an engine.
 *
 * @param name of a folder under `models/`, or the path of such a folder
 * @throws UserError `unknown-model`, `bad-model`
 */
export async function loadModel(
  name: string,
  engine: Engine,
  options: LoadOptions = {},
): Promise<EmotionModel> {
  const folder = await findModel(name, options);
  const kind = await kindOf(folder);
  return kind.create(await kind.read(folder), engine, options.modelsFolder ?? MODELS_FOLDER);
}

/** Reads a model of any kind without an engine. @throws UserError `bad-model` */
export async function readAnyModel(folder: string): Promise<StoredModel> {
  return (await kindOf(folder)).read(folder);
}

/** @throws UserError `bad-model` for a kind that is not registered */
async function kindOf(folder: string): Promise<ModelKind> {
  const path = join(folder, 'model.json');
  const header = await readFile(path, 'utf8')
    .then((text): unknown => JSON.parse(text))
    .catch(() => undefined); // the kind that reads it reports the error
  const kind = MODEL_KINDS.find((one) => one.recognises(header));
  if (kind) return kind;
  throw badHeader(path, `kind: ${JSON.stringify((header as { kind?: unknown }).kind)} is unknown`, {
    subject: 'model',
    retrain: 'undertone train',
  });
}

/** @throws UserError `unknown-model`, with the names there are */
export async function findModel(
  name: string,
  { modelsFolder = MODELS_FOLDER }: LoadOptions = {},
): Promise<string> {
  const isName = /^[a-z0-9][a-z0-9._-]*$/i.test(name);
  for (const folder of isName ? [join(modelsFolder, name), name] : [name]) {
    if (existsSync(join(folder, 'model.json'))) return folder;
  }
  const known = await modelNames(modelsFolder);
  throw new UserError(
    'unknown-model',
    `There is no model "${name}"; choose ${known.length ? `one of ${known.join(', ')}` : 'a trained one'}, or give the path of a folder with a model.json.`,
  );
}

async function modelNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((name) => existsSync(join(folder, name, 'model.json'))).sort();
}
