import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EmotionModel } from '../types.ts';
import { UserError } from '../user-error.ts';
import type { Engine } from './engine.ts';
import { isSeedModel, readSeedModel, type SeedFile } from './kinds/baselines/baseline-file.ts';
import { createSeedModel } from './kinds/baselines/baseline-model.ts';
import { createEmotionModel } from './kinds/undertone/emotion-model.ts';
import type { FrontEnd, FrontEndName } from './kinds/undertone/front-ends/front-end.ts';
import { createMelFrontEnd } from './kinds/undertone/front-ends/mel.ts';
import { loadMusicnnFrontEnd } from './kinds/undertone/front-ends/musicnn/index.ts';
import { loadPatchesFrontEnd } from './kinds/undertone/front-ends/patches/index.ts';
import { type ModelFile, readModel } from './kinds/undertone/model-file.ts';

/** The models that come with undertone; the same folder from `src/` and from `dist/`. */
export const MODELS_FOLDER = fileURLToPath(new URL('../../models', import.meta.url));

export interface LoadOptions {
  /** Where models, and the tagger that some hear through, are looked for by name. */
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
  if (await isSeedModel(folder)) return createSeedModel(await readSeedModel(folder), engine);
  const file = await readModel(folder);
  return createEmotionModel(file, engine, await loadFrontEnd(file.network.frontEnd, engine, options));
}

/** What lies in a model's folder, of whatever kind it is. @throws UserError `bad-model` */
export async function readAnyModel(folder: string): Promise<ModelFile | SeedFile> {
  return (await isSeedModel(folder)) ? readSeedModel(folder) : readModel(folder);
}

export async function loadFrontEnd(
  name: FrontEndName,
  engine: Engine,
  { modelsFolder = MODELS_FOLDER }: LoadOptions = {},
): Promise<FrontEnd> {
  switch (name) {
    case 'mel':
      return createMelFrontEnd();
    case 'patches':
      return loadPatchesFrontEnd(engine, modelsFolder);
    case 'musicnn':
      return loadMusicnnFrontEnd(engine, modelsFolder);
  }
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
