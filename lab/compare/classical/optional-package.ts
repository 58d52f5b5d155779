import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { UserError } from '../../../src/user-error.ts';

const require = createRequire(import.meta.url);

/**
 * A package that only the comparison's classical systems need. It is none of what the program is installed with, as
 * nobody who tracks music has a use for it: a checkout has it, and who installed the program alone is told.
 *
 * Required and not imported: these are all CommonJS, and one exports a promise, which `import` wraps in other ways
 * under other loaders.
 *
 * @throws UserError `missing-package` where it is not there
 */
export function optionalPackage(name: string): unknown {
  try {
    return require(name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new UserError(
      'missing-package',
      `The systems svm, tree and forest need the package ${name}, which is not installed; run \`npm install ${name}\` beside undertone, or leave them out with --systems.`,
      { cause },
    );
  }
}

/**
 * The same, in a state that nothing has used before: for a package that keeps the state of its random numbers.
 *
 * @throws UserError `missing-package` where it is not there
 */
export function freshPackage(name: string): unknown {
  for (const path of Object.keys(require.cache)) {
    if (path.split(sep).includes(name)) delete require.cache[path];
  }
  return optionalPackage(name);
}

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Loads a module that Emscripten made. Those of before Node had a `fetch` take it for a browser's, and complain of a
 * file's path that is no address before they read the file; and they leave handlers behind that would end the whole
 * process without a word at a fault of ours. Both are undone.
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
