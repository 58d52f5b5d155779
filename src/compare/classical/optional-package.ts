import { UserError } from '../../user-error.ts';

/**
 * A package that only the comparison's classical systems need. It is none of what the program is installed with, as
 * nobody who tracks music has a use for it: a checkout has it, and who installed the program alone is told.
 *
 * @throws UserError `missing-package` where it is not there
 */
export async function optionalPackage(name: string): Promise<unknown> {
  try {
    return await import(name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UserError(
      'missing-package',
      `The systems svm, tree and forest need the package ${name}, which is not installed; run \`npm install ${name}\` beside undertone, or leave them out with --systems.`,
      { cause },
    );
  }
}
