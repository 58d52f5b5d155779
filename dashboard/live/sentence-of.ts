import { ApiError } from '../../src/client/index.ts';

/** What to say of whatever went wrong with a request. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiError)) return 'The server cannot be reached: try again when it is back.';
  return error.status === 403 ? 'Sessions need a token that allows to manage.' : error.message;
}
