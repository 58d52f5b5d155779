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
import { findCompiler, findNpm, findPython } from './find-tools.ts';
import { runTool, type ToolOptions } from './run-tool.ts';
import { type VerifiedEngine, verifyEngine } from './verify-engine.ts';
import { fetchLibrary, wheelsFor } from './wheel.ts';

/** `package`: the package's own install step; `wheel`: built here; `auto`: the first of them that works. */
export const ENGINE_ORIGINS = ['auto', 'package', 'wheel'] as const;
export type EngineOrigin = (typeof ENGINE_ORIGINS)[number];

export interface InstallOptions {
  readonly root?: string;
  readonly from?: EngineOrigin;
  /** Build again even where a working engine is there. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly say: (line: string) => void;
}

export interface InstalledEngine extends VerifiedEngine {
  readonly folder: string;
}

/** The Node-API headers, so that no headers of Node itself must be fetched. */
const API_HEADERS = 'node-api-headers@1.9.0';

/** Long enough for 400 MB over a slow line; a blocked address fails at once or is given up here. */
const OWN_INSTALL_TIMEOUT_MS = 15 * 60_000;

/**
 * Installs a native engine into its folder. Everything happens in a folder beside it that is renamed
 * at the end, once the engine has multiplied two matrices: a run that is cut off leaves what was there.
 */
export async function installEngine(
  name: NativeEngineName,
  options: InstallOptions,
): Promise<InstalledEngine> {
  const { root = enginesFolder(), from = 'auto', force = false, say } = options;
  const folder = engineFolder(name, root);
  if (!force && existsSync(folder)) {
    const found = await verifyEngine(name, folder).catch(() => undefined);
    if (found) {
      say(`The engine "${name}" is already installed.`);
      return { folder, ...found };
    }
    say(`The engine "${name}" is there but does not run; building it again.`);
  }
  await mkdir(root, { recursive: true });
  await removeLeftovers(root);
  const logFile = join(root, `install-${name}.log`);
  const log = createWriteStream(logFile);
  const partial = join(root, `.partial-${process.pid}-${name}`);
  const tools: ToolOptions = { log, ...(options.signal ? { signal: options.signal } : {}) };
  try {
    const engine = await build(name, partial, from, say, tools);
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
      `The engine "${name}" could not be built (${messageOf(cause)}); ${logFile} has the whole output, and --engine wasm works without it.`,
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
  say: (line: string) => void,
  tools: ToolOptions,
): Promise<VerifiedEngine> {
  say(`Fetching ${NATIVE_PACKAGES[name]} ${TFJS_VERSION}…`);
  await fetchPackage(name, partial, tools);
  if (from !== 'wheel') {
    say('Trying its own install step…');
    try {
      return await ownInstall(name, partial, tools);
    } catch (cause) {
      if (from === 'package' || tools.signal?.aborted) throw cause;
      say(`That did not work here (${messageOf(cause)}).`);
    }
  }
  const target = packageFolder(name, partial);
  await Promise.all(
    ['deps', 'lib', 'build'].map((part) => rm(join(target, part), { recursive: true, force: true })),
  );
  const wheels = wheelsFor(name);
  // Both are asked for before anything large is fetched.
  await findCompiler();
  await findPython();
  say(
    `Fetching the TensorFlow library (${wheels[0]}${wheels.length > 1 ? ' and CUDA, about 2.3 GB' : ', about 200 MB'})…`,
  );
  await fetchLibrary(name, join(target, 'deps'), tools);
  say('Compiling the binding…');
  await compileBinding(target, join(partial, 'node_modules', 'node-api-headers', 'include'), tools);
  say('Trying the engine…');
  return verifyEngine(name, partial, tools);
}

async function fetchPackage(name: NativeEngineName, partial: string, tools: ToolOptions): Promise<void> {
  await mkdir(partial, { recursive: true });
  const npm = await findNpm();
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const packages = [`${NATIVE_PACKAGES[name]}@${TFJS_VERSION}`, API_HEADERS];
  await runTool(npm.command, [...npm.args, 'install', ...quiet, '--prefix', partial, ...packages], tools);
}

/** Its script ends with status 0 whatever happens, so only the engine itself tells whether it worked. */
async function ownInstall(
  name: NativeEngineName,
  partial: string,
  tools: ToolOptions,
): Promise<VerifiedEngine> {
  const bin = join(partial, 'node_modules', '.bin');
  await runTool(process.execPath, ['scripts/install.js'], {
    ...tools,
    cwd: packageFolder(name, partial),
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
    timeoutMs: OWN_INSTALL_TIMEOUT_MS,
  });
  const engine = await verifyEngine(name, partial, tools);
  // Its library is made for CUDA 11.2: beside a newer one it runs, but on the CPU.
  if (name === 'gpu' && !engine.gpu && hasNvidiaDriver()) throw new Error('it does not see the GPU');
  return engine;
}

/** Puts the new folder where the old one is; the old one is gone only when the new one is in place. */
async function replace(folder: string, partial: string): Promise<void> {
  const old = `${partial}-old`;
  if (existsSync(folder)) await rename(folder, old);
  await rename(partial, folder);
  await rm(old, { recursive: true, force: true });
}

/** Removes what runs that were killed have left; folders of runs that still go on stay. */
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
