import { type NativeEngineName, packageFolder } from './engine-folder.ts';
import { runTool, type ToolOptions } from './tools.ts';

export interface VerifiedEngine {
  /** Version of the loaded TensorFlow library. */
  readonly tensorflow: string;
  readonly gpu: boolean;
}

/**
 * Loads the engine in a separate process and multiplies two matrices: a library that does not match the processor
 * kills its process.
 */
export async function verifyEngine(
  name: NativeEngineName,
  folder: string,
  options: ToolOptions = {},
): Promise<VerifiedEngine> {
  const output = await runTool(process.execPath, ['-e', CHECK, packageFolder(name, folder)], {
    timeoutMs: 120_000,
    ...options,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '1', TF_FORCE_GPU_ALLOW_GROWTH: 'true' },
  });
  const line = output.trim().split('\n').at(-1) ?? '';
  return JSON.parse(line) as VerifiedEngine;
}

/** argv: package folder. Plain JavaScript, so that it runs without a build. */
const CHECK = `
require('util').isNullOrUndefined = (value) => value === null || value === undefined;
const tf = require(process.argv[1]);
tf.enableProdMode();
const [[a]] = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).arraySync();
if (a !== 11) throw new Error('computed 1·3 + 2·4 as ' + a);
const backend = tf.backend();
console.log(JSON.stringify({ tensorflow: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice }));
`;
