import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { UserError } from '../user-error.ts';
import { loadEmscripten } from '../util/emscripten.ts';
import {
  hasNvidiaDriver,
  NATIVE_ENGINES,
  type NativeEngineName,
  packageFolder,
} from './engines/engine-folder.ts';

const require = createRequire(import.meta.url);

const { version: WASM_VERSION } = require('@tensorflow/tfjs-backend-wasm/package.json') as {
  version: string;
};
/** SIMD is certain: the FFT runs on nothing else. */
const WASM_DESCRIPTION = `WebAssembly ${WASM_VERSION} with SIMD, one thread`;

/** Best first: the order in which `auto` tries them. */
export const ENGINE_NAMES = ['gpu', 'node', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** The TensorFlow.js namespace. It is passed as an argument and never imported, because each native engine has its own. */
export type Tf = typeof import('@tensorflow/tfjs-core');

/** Runs the networks. The results of all engines agree to 1e-4. */
export interface Engine {
  readonly name: EngineName;
  readonly tf: Tf;
  /** For users: `TensorFlow 2.15.1 on the CPU`. */
  readonly description: string;
}

/** An engine whose TensorFlow.js is loaded when a network needs it. */
export interface ChosenEngine extends Omit<Engine, 'tf'> {
  load(): Promise<Engine>;
}

/**
 * Chooses an engine as `loadEngine` does, but `wasm` is not loaded before a network needs it: TensorFlow.js takes 20 MB in
 * each thread, and undertone's own kernels run without it.
 *
 * @throws UserError `unknown-engine`, `engine-not-installed`, `engine-broken`
 */
export async function chooseEngine(name: EngineName | 'auto' = 'auto'): Promise<ChosenEngine> {
  const native = name === 'auto' ? await loadBestNative() : undefined;
  if (name === 'wasm' || (name === 'auto' && !native)) {
    let loading: Promise<Engine> | undefined;
    return { name: 'wasm', description: WASM_DESCRIPTION, load: () => (loading ??= loadWasm()) };
  }
  const engine = native ?? (await loadEngine(name));
  return { name: engine.name, description: engine.description, load: async () => engine };
}

/** The engine for networks that run on undertone's own kernels alone. */
export function withoutTensorFlow({ name, description }: ChosenEngine): Engine {
  return {
    name,
    description,
    get tf(): Tf {
      throw new Error('a network that runs without TensorFlow.js asked for it');
    },
  };
}

/**
 * Loads an engine and makes it the active one. `auto` is the best one installed (`gpu` only if there is a GPU);
 * `engineFor` (load.ts) knows the models that are faster on another.
 * TensorFlow.js has one active backend per process, so a process uses the engine that it loaded last.
 *
 * @throws UserError `unknown-engine`, `engine-not-installed`, `engine-broken`
 */
export async function loadEngine(name: EngineName | 'auto' = 'auto'): Promise<Engine> {
  switch (name) {
    case 'auto':
      return (await loadBestNative()) ?? loadWasm();
    case 'gpu':
    case 'node':
      return loadInstalled(name);
    case 'wasm':
      return loadWasm();
    case 'cpu':
      return loadCpu();
    default:
      throw unknownEngine(name);
  }
}

/** @throws UserError `unknown-engine`, for callers without types */
export function checkEngineName(name: EngineName): void {
  if (!ENGINE_NAMES.includes(name)) throw unknownEngine(name);
}

function unknownEngine(name: unknown): UserError {
  return new UserError(
    'unknown-engine',
    `There is no engine "${String(name)}"; expected one of auto, ${ENGINE_NAMES.join(', ')}.`,
  );
}

/** The built-in engines are always installed. */
export function isInstalled(name: EngineName): boolean {
  return name === 'wasm' || name === 'cpu' || existsSync(packageFolder(name));
}

async function loadBestNative(): Promise<Engine | undefined> {
  for (const name of NATIVE_ENGINES) {
    if (!isInstalled(name) || (name === 'gpu' && !hasNvidiaDriver())) continue;
    try {
      return await loadInstalled(name);
    } catch {
      // A broken native engine must not stop a live stream; `undertone engine list` shows the error.
    }
  }
  return undefined;
}

async function loadInstalled(name: NativeEngineName): Promise<Engine> {
  if (!isInstalled(name)) {
    throw new UserError(
      'engine-not-installed',
      `The engine "${name}" is not installed; install it with \`undertone engine install ${name}\` or use --engine wasm.`,
    );
  }
  try {
    const tf = await loadNative(name);
    return { name, tf, description: describeNative(tf) };
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new UserError(
      'engine-broken',
      `The engine "${name}" does not load (${reason}); install it again with \`undertone engine install ${name} --force\` or use --engine wasm.`,
      { cause },
    );
  }
}

/** The C library reads these variables when it is loaded. The user's own settings take precedence. */
const LIBRARY_SETTINGS = {
  TF_CPP_MIN_LOG_LEVEL: '3', // No banners and warnings on stderr. Errors are thrown too.
  TF_FORCE_GPU_ALLOW_GROWTH: 'true', // Otherwise TensorFlow allocates the whole memory of the GPU.
};

/** Call it on the main thread before a thread that loads an engine: the environment of a thread is a copy that C does not see. */
export function setLibraryEnvironment(): void {
  for (const [key, value] of Object.entries(LIBRARY_SETTINGS)) process.env[key] ??= value;
}

/**
 * Loads a native engine's package from its folder and returns its `tf` namespace, without printing anything.
 *
 * @throws the error of the package
 */
async function loadNative(name: NativeEngineName): Promise<Tf> {
  setLibraryEnvironment();
  restoreIsNullOrUndefined();
  const tf = require(packageFolder(name)) as Tf;
  tf.enableProdMode();
  if (!(await tf.setBackend('tensorflow'))) throw new Error('TensorFlow did not start');
  await tf.ready();
  return tf;
}

/** tfjs-node 4.22 calls `util.isNullOrUndefined`, which is deprecated in Node 22 and removed in Node 23. */
function restoreIsNullOrUndefined(): void {
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined = (value) => value === null || value === undefined;
}

function describeNative(tf: Tf): string {
  const backend = tf.backend() as unknown as { binding: { TF_Version: string }; isUsingGpuDevice: boolean };
  return describeTensorFlow(backend.binding.TF_Version, backend.isUsingGpuDevice);
}

export function describeTensorFlow(version: string, gpu: boolean): string {
  return `TensorFlow ${version} on the ${gpu ? 'GPU' : 'CPU'}`;
}

/**
 * Core and backend are imported as separate packages instead of `@tensorflow/tfjs`, which adds layers, converter, data
 * and WebGL: over 200 MB installed that nothing here uses.
 */
async function loadWasm(): Promise<Engine> {
  const tf = await loadCore();
  await import('@tensorflow/tfjs-backend-wasm');
  // In Node, threads are not faster and would keep the process from exiting.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await loadEmscripten(() => activate(tf, 'wasm'));
  return { name: 'wasm', tf, description: WASM_DESCRIPTION };
}

async function loadCpu(): Promise<Engine> {
  const tf = await loadCore();
  const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
  await activate(tf, 'cpu');
  return { name: 'cpu', tf, description: `plain JavaScript ${version}, the slow reference` };
}

async function loadCore(): Promise<Tf> {
  const tf = await import('@tensorflow/tfjs-core');
  tf.enableProdMode(); // Before any backend is registered, because backends print banners otherwise.
  return tf;
}

async function activate(tf: Tf, backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) {
    throw new Error(`TensorFlow.js could not start its backend "${backend}"`);
  }
  await tf.ready();
}
