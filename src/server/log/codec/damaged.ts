import { UserError } from '../../../user-error.ts';

/** A block that is not what was once written. */
export function damaged(reason: string): UserError {
  return new UserError(
    'log-damaged',
    `A part of the log cannot be read (${reason}): see what "undertone doctor --full" says of it, and put a backup in its place.`,
  );
}
