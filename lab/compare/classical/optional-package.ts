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
