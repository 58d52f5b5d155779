import { UserError } from '../../../user-error.ts';

export function badData(fault: string, remedy: string, cause?: Error): UserError {
  return new UserError(
    'bad-data',
    `The labelled music does not fit: ${fault}; ${remedy}.`,
    cause && { cause },
  );
}
