import type { Engine } from '../../../engine.ts';
import { ced, cedStreaming } from './ced/index.ts';
import { cedSmall } from './ced-small/index.ts';
import type { FrontEnd, FrontEndKind } from './front-end.ts';
import { mel } from './mel.ts';

/** The registry: a front end is one file or folder here, and one line. */
const KINDS = {
  mel,
  ced,
  'ced-streaming': cedStreaming,
  'ced-small': cedSmall,
} as const satisfies Record<string, FrontEndKind>;

export type FrontEndName = keyof typeof KINDS;
export const FRONT_ENDS = Object.keys(KINDS) as FrontEndName[];

/** Those that need no TensorFlow.js on `wasm`. */
export const ON_KERNELS: readonly FrontEndName[] = FRONT_ENDS.filter((name) => KINDS[name].onKernels);

/** Length of each front end's rows. */
export const INPUTS = Object.fromEntries(FRONT_ENDS.map((name) => [name, KINDS[name].inputs])) as Readonly<
  Record<FrontEndName, number>
>;

/** @param modelsFolder the folder of the pretrained weights */
export function loadFrontEnd(name: FrontEndName, engine: Engine, modelsFolder: string): Promise<FrontEnd> {
  return KINDS[name].load(engine, modelsFolder);
}
