import { createRequire } from 'node:module';
import type { Tf } from '../engine.ts';
import { engineFolder, type NativeEngineName, packageFolder } from './engine-folder.ts';

const require = createRequire(import.meta.url);

/** Read by the C library when it is mapped in; a user's own setting wins. */
const LIBRARY_SETTINGS = {
  TF_CPP_MIN_LOG_LEVEL: '3', // errors are thrown as well; banners and warnings only clutter stderr
  TF_FORCE_GPU_ALLOW_GROWTH: 'true', // else TensorFlow takes the whole memory of the GPU at once
};

/**
 * Loads a native engine's package from its folder and returns its tf namespace, or throws what the
 * package threw. Nothing is printed.
 */
export async function loadNative(name: NativeEngineName, folder: string = engineFolder(name)): Promise<Tf> {
  for (const [key, value] of Object.entries(LIBRARY_SETTINGS)) process.env[key] ??= value;
  restoreIsNullOrUndefined();
  const tf = require(packageFolder(name, folder)) as Tf;
  tf.enableProdMode();
  if (!(await tf.setBackend('tensorflow'))) throw new Error('TensorFlow did not start');
  await tf.ready();
  return tf;
}

/** tfjs-node 4.22 calls `util.isNullOrUndefined`, which warns on Node 22 and is gone from Node 23. */
function restoreIsNullOrUndefined(): void {
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined = (value) => value === null || value === undefined;
}
