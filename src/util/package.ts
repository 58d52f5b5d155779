import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of undertone's package.json; works from `src/` and from `dist/src/`. */
export const PACKAGE_ROOT: string = rootAbove(dirname(fileURLToPath(import.meta.url)));

/** The version in package.json. */
export const VERSION: string = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')).version;

/**
 * The path of a module's compiled JavaScript, for workers and child processes. They run the build even if the program
 * runs from its sources, because Node 20 does not run TypeScript.
 *
 * @param module path in the repository, such as `src/server/analyze/analyze-worker.ts`
 */
export function builtModule(module: string): string {
  return join(PACKAGE_ROOT, 'dist', module.replace(/\.ts$/, '.js'));
}

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));
}
