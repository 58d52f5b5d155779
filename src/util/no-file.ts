import { UserError } from '../user-error.ts';

/** Node.js decodes the bytes of a name that are not UTF-8 as U+FFFD, so that nothing can be opened by that name. */
export const isGarbled = (path: string): boolean => path.includes('\uFFFD');

/** Why a file that is listed by its folder cannot be opened. */
export const garbledName = (path: string): string =>
  `${path} cannot be opened: its name, or that of its folder, is not UTF-8: rename it.`;

/** The error for a path at which there is nothing. */
export function noFile(path: string, cause: unknown): UserError {
  const message = isGarbled(path)
    ? garbledName(path)
    : `There is no file ${path}: check the path, which is relative to ${process.cwd()}.`;
  return new UserError('no-file', message, { cause });
}
