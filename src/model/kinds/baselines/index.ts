import type { ModelKind } from '../kind.ts';
import { type BaselineFile, readBaseline } from './baseline-file.ts';
import { createBaselineModel } from './baseline-model.ts';
import { BASELINE_NAMES } from './systems.ts';

/** The baselines (systems.ts). The `kind` in `model.json` is the name of the baseline. */
export const baselines: ModelKind<BaselineFile> = {
  name: 'baselines',
  recognizes: (header) =>
    typeof header === 'object' &&
    header !== null &&
    'kind' in header &&
    (BASELINE_NAMES as readonly unknown[]).includes(header.kind),
  read: readBaseline,
  create: async (file, engine) => createBaselineModel(file, engine),
};
