import { baselines } from './baselines/index.ts';
import type { ModelKind } from './kind.ts';
import { undertone } from './undertone/index.ts';

/** The registry: a model kind is one folder here, and one line. */
export const MODEL_KINDS: readonly ModelKind[] = [undertone, baselines];
