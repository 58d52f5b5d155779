import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { UserError } from '../../user-error.ts';
import { compileBinding } from './compile-binding.ts';
import {
  engineFolder,
  enginesFolder,
  hasNvidiaDriver,
  NATIVE_PACKAGES,
  type NativeEngineName,
  packageFolder,
  TFJS_VERSION,
} from './engine-folder.ts';
import { findCompiler, findNpm, findPython, runTool, type ToolOptions } from './tools.ts';
import { type VerifiedEngine, verifyEngine } from './verify-engine.ts';
import { fetchLibrary, wheelsFor } from './wheel.ts';

/** `package`: the package's own install step; `wheel`: compiled here; `auto`: the first of the two that works. */
export const ENGINE_ORIGINS = ['auto', 'package', 'wheel'] as const;
export type EngineOrigin = (typeof ENGINE_ORIGINS)[number];

export interface InstallOptions {
  /** Folder of all native engines. Default: `enginesFolder()`. */
  readonly root?: string;
  readonly from?: EngineOrigin;
  /** Install again even if there is a working engine. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** Receives lines of progress for the user. */
  readonly onProgress: (line: string) => void;
}

export interface InstalledEngine extends VerifiedEngine {
  readonly folder: string;
}

/** The Node-API headers, instead of a download of Node's headers. */
const API_HEADERS = 'node-api-headers@1.9.0';

/** Enough for 400 MB over a slow connection. */
const INSTALL_STEP_TIMEOUT_MS = 15 * 60_000;

/**
 * Installs a native engine into its folder. It is built in a temporary folder beside it, verified, and renamed at the
 * end: an interrupted run leaves the old engine in place.
 *
 * @throws UserError `no-npm`, `no-pip`, `no-compiler`, `unsupported-platform`, `download-failed`,
 *   `engine-build-failed`, `interrupted`
 */
export async function installEngine(
  name: NativeEngineName,
  options: InstallOptions,
): Promise<InstalledEngine> {
  const { root = enginesFolder(), from = 'auto', force = false, onProgress } = options;
  const folder = engineFolder(name, root);
  if (!force && existsSync(folder)) {
    const found = await verifyEngine(name, folder).catch(() => undefined);
    if (found) {
      onProgress(`The engine "${name}" is already installed.`);
      return { folder, ...found };
    }
    onProgress(`The engine "${name}" is installed but does not run; installing it again.`);
  }
  await mkdir(root, { recursive: true });
  await removeLeftovers(root);
  const logFile = join(root, `install-${name}.log`);
  const log = createWriteStream(logFile);
  const partial = join(root, `.partial-${process.pid}-${name}`);
  const tools: ToolOptions = { log, ...(options.signal ? { signal: options.signal } : {}) };
  try {
    const engine = await build(name, partial, from, onProgress, tools);
    await replace(folder, partial);
    return { folder, ...engine };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    if (options.signal?.aborted) {
      throw new UserError(
        'interrupted',
        `The installation was stopped; run the command again to install "${name}".`,
      );
    }
    throw new UserError(
      'engine-build-failed',
      `The engine "${name}" could not be built (${messageOf(cause)}); see ${logFile} for the output, or use --engine wasm, which needs no installation.`,
      { cause },
    );
  } finally {
    await rm(partial, { recursive: true, force: true });
    await closeLog(log);
  }
}

async function build(
  name: NativeEngineName,
  partial: string,
  from: EngineOrigin,
  onProgress: (line: string) => void,
  tools: ToolOptions,
): Promise<VerifiedEngine> {
  onProgress(`Fetching ${NATIVE_PACKAGES[name]} ${TFJS_VERSION}…`);
  await fetchPackage(name, partial, tools);
  if (from !== 'wheel') {
    onProgress('Running its install step…');
    try {
      return await runInstallStep(name, partial, tools);
    } catch (cause) {
      if (from === 'package' || tools.signal?.aborted) throw cause;
      onProgress(`The install step failed (${messageOf(cause)}).`);
    }
  }
  const target = packageFolder(name, partial);
  await Promise.all(
    ['deps', 'lib', 'build'].map((part) => rm(join(target, part), { recursive: true, force: true })),
  );
  const wheels = wheelsFor(name);
  // Check for both before anything large is fetched.
  await findCompiler();
  await findPython();
  onProgress(
    `Fetching the TensorFlow library (${wheels[0]}${wheels.length > 1 ? ' and CUDA, about 2.3 GB' : ', about 200 MB'})…`,
  );
  await fetchLibrary(name, join(target, 'deps'), tools);
  onProgress('Compiling the binding…');
  await compileBinding(target, join(partial, 'node_modules', 'node-api-headers', 'include'), tools);
  onProgress('Verifying the engine…');
  return verifyEngine(name, partial, tools);
}

async function fetchPackage(name: NativeEngineName, partial: string, tools: ToolOptions): Promise<void> {
  await mkdir(partial, { recursive: true });
  const npm = await findNpm();
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const packages = [`${NATIVE_PACKAGES[name]}@${TFJS_VERSION}`, API_HEADERS];
  await runTool(npm.command, [...npm.args, 'install', ...quiet, '--prefix', partial, ...packages], tools);
}

/** The script exits with status 0 even if it fails, so only running the engine shows whether it worked. */
async function runInstallStep(
  name: NativeEngineName,
  partial: string,
  tools: ToolOptions,
): Promise<VerifiedEngine> {
  const bin = join(partial, 'node_modules', '.bin');
  await runTool(process.execPath, ['scripts/install.js'], {
    ...tools,
    cwd: packageFolder(name, partial),
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
    timeoutMs: INSTALL_STEP_TIMEOUT_MS,
  });
  const engine = await verifyEngine(name, partial, tools);
  // Its library is built for CUDA 11.2: with a newer CUDA it runs, but on the CPU.
  if (name === 'gpu' && !engine.gpu && hasNvidiaDriver()) throw new Error('it does not find the GPU');
  return engine;
}

/** Replaces the engine's folder. The old one is deleted only when the new one is in place. */
async function replace(folder: string, partial: string): Promise<void> {
  const old = `${partial}-old`;
  if (existsSync(folder)) await rename(folder, old);
  await rename(partial, folder);
  await rm(old, { recursive: true, force: true });
}

/** Removes the temporary folders of killed runs; those of running installations stay. */
async function removeLeftovers(root: string): Promise<void> {
  for (const entry of await readdir(root)) {
    const pid = /^\.partial-(\d+)-/.exec(entry)?.[1];
    if (pid && !isRunning(Number(pid))) await rm(join(root, entry), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function closeLog(log: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    log.end(resolve);
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
