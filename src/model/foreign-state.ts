import { UserError } from '../user-error.ts';

/** A stream's state that does not fit the model it is given to. */
export function foreignState(name: string): UserError {
  return new UserError(
    'bad-state',
    `The saved state of this stream was made by another model than "${name}"; reset the stream or load the model that it was saved with.`,
  );
}
