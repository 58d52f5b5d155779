import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { UserError } from '../../../src/user-error.ts';

const require = createRequire(import.meta.url);

/**
 * Loads a package that only the classical systems need. It is a development dependency, so it is present in a checkout
 * but not in an installed package.
 *
 * Uses `require`, because all of these packages are CommonJS and one exports a promise, which loaders wrap differently on
 * `import`.
 *
 * @throws UserError `missing-package` when it is not installed
 */
export function optionalPackage(name: string): unknown {
  try {
    return require(name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new UserError(
      'missing-package',
      `The systems svm, tree and forest need the package ${name}, which is not installed; run \`npm install ${name}\` next to undertone, or leave them out with --systems.`,
      { cause },
    );
  }
}

/**
 * Loads a package again, without its cached module state: for a package with a global random number generator.
 *
 * @throws UserError `missing-package` when it is not installed
 */
export function freshPackage(name: string): unknown {
  for (const path of Object.keys(require.cache)) {
    if (path.split(sep).includes(name)) delete require.cache[path];
  }
  return optionalPackage(name);
}

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Loads an Emscripten module without its side effects. Modules built before Node had `fetch` take Node for a browser and
 * print a warning that a file path is not a URL. They also install handlers that end the process silently on any
 * uncaught error.
 */
export async function loadEmscripten<T>(load: () => Promise<T>): Promise<T> {
  const assembly = (globalThis as unknown as { WebAssembly: { instantiateStreaming?: unknown } }).WebAssembly;
  const { instantiateStreaming } = assembly;
  const before = EVENTS.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')));
  assembly.instantiateStreaming = undefined;
  try {
    return await load();
  } finally {
    assembly.instantiateStreaming = instantiateStreaming;
    for (const [i, event] of EVENTS.entries()) {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before[i]!.has(listener)) process.removeListener(event, listener);
      }
    }
  }
}
