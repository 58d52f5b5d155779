import type { ModelKind } from '../kind.ts';
import { createEmotionModel } from './emotion-model.ts';
import { loadFrontEnd, ON_KERNELS } from './front-ends/index.ts';
import { fitsKernels } from './kernel-step.ts';
import { type ModelFile, readModel } from './model-file.ts';

/** undertone's own models: a front end, then an ensemble of LSTM networks. Their `model.json` has no `kind`. */
export const undertone: ModelKind<ModelFile> = {
  name: 'undertone',
  recognizes: (header) => typeof header !== 'object' || header === null || !('kind' in header),
  read: readModel,
  runsOnKernels(header) {
    const network = (header as Partial<ModelFile> | undefined)?.network;
    return !!network && fitsKernels(network) && ON_KERNELS.includes(network.frontEnd);
  },
  create: async (file, engine, modelsFolder) =>
    createEmotionModel(file, engine, await loadFrontEnd(file.network.frontEnd, engine, modelsFolder)),
};
