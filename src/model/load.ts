import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmotionModel } from '../types.ts';
import { UserError } from '../user-error.ts';
import { PACKAGE_ROOT } from '../util/package.ts';
import { decodeText } from '../util/text.ts';
import { type ChosenEngine, type Engine, type EngineName, withoutTensorFlow } from './engine.ts';
import { MODEL_KINDS } from './kinds/index.ts';
import type { ModelKind, StoredModel } from './kinds/kind.ts';
import { badHeader } from './weights.ts';

/** The folder of the models that come with undertone. */
export const MODELS_FOLDER = join(PACKAGE_ROOT, 'models');

export interface LoadOptions {
  /** Folder of the models by name, and of the pretrained weights that they share. */
  readonly modelsFolder?: string;
}

/**
 * Loads a model onto an engine, and the engine first where it is only chosen and the model needs it.
 *
 * @param name of a folder in `modelsFolder`, or the path of a model's folder
 * @throws UserError `unknown-model`, `bad-model`
 */
export async function loadModel(
  name: string,
  engine: Engine | ChosenEngine,
  options: LoadOptions = {},
): Promise<EmotionModel> {
  const folder = await findModel(name, options);
  const kind = await kindOf(folder);
  const file = await kind.read(folder);
  return kind.create(file, await loadedFor(kind, file, engine), options.modelsFolder ?? MODELS_FOLDER);
}

async function loadedFor(kind: ModelKind, file: StoredModel, engine: Engine | ChosenEngine): Promise<Engine> {
  if (!('load' in engine)) return engine;
  return engine.name === 'wasm' && kind.runsOnKernels?.(file) ? withoutTensorFlow(engine) : engine.load();
}

/**
 * The engine to load for a model: for `auto` the one on which it is fastest, if that is known.
 *
 * @param name as for `loadModel`, which reports what is wrong with it
 */
export async function engineFor(
  name: string,
  engine: EngineName | 'auto',
  options: LoadOptions = {},
): Promise<EngineName | 'auto'> {
  if (engine !== 'auto') return engine;
  const folder = await findModel(name, options).catch(() => undefined);
  const header = folder && (await headerOf(folder));
  const kind = MODEL_KINDS.find((one) => one.recognizes(header));
  return kind?.runsOnKernels?.(header) ? 'wasm' : 'auto';
}

/** Reads a model of any kind without an engine. @throws UserError `bad-model` */
export async function readAnyModel(folder: string): Promise<StoredModel> {
  return (await kindOf(folder)).read(folder);
}

/** @throws UserError `bad-model` for a kind that is not registered */
async function kindOf(folder: string): Promise<ModelKind> {
  const header = await headerOf(folder);
  const kind = MODEL_KINDS.find((one) => one.recognizes(header));
  if (kind) return kind;
  throw badHeader(
    join(folder, 'model.json'),
    `kind: ${JSON.stringify((header as { kind?: unknown }).kind)} is unknown`,
    {
      subject: 'model',
      retrain: 'undertone train',
    },
  );
}

/** The parsed but unchecked `model.json`; undefined if it is not JSON, which the kind that reads it reports. */
const headerOf = (folder: string): Promise<unknown> =>
  readFile(join(folder, 'model.json'))
    .then((bytes): unknown => JSON.parse(decodeText(bytes)))
    .catch(() => undefined);

/** The folder of a model. @throws UserError `unknown-model` with the list of names */
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
    `There is no model "${name}"; expected ${known.length ? `one of ${known.join(', ')}` : 'a trained model'}, or the path of a folder with a model.json.`,
  );
}

async function modelNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((name) => existsSync(join(folder, name, 'model.json'))).sort();
}
