import type { ModelKind } from '../kind.ts';
import { createEmotionModel } from './emotion-model.ts';
import { loadFrontEnd } from './front-ends/index.ts';
import { type ModelFile, readModel } from './model-file.ts';

/** undertone's own models: a front end, then an ensemble of LSTM networks. Their `model.json` has no `kind`. */
export const undertone: ModelKind<ModelFile> = {
  name: 'undertone',
  recognizes: (header) => typeof header !== 'object' || header === null || !('kind' in header),
  read: readModel,
  // All of it is computed by undertone's own kernels: at every number of streams at least as fast as native TensorFlow.
  fastestEngine: (header) =>
    (header as Partial<ModelFile> | undefined)?.network?.frontEnd === 'ced-small' ? 'wasm' : undefined,
  create: async (file, engine, modelsFolder) =>
    createEmotionModel(file, engine, await loadFrontEnd(file.network.frontEnd, engine, modelsFolder)),
};
