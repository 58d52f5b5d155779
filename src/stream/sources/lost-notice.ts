import type { ReasonValues, SourceNotice } from '../../types.ts';
import type { UserError } from '../../user-error.ts';

/**
 * The notice that an error interrupts a source.
 *
 * @param message the sentence of the error and how it goes on
 * @param more values besides those of the error
 */
export function lostNotice(
  { code, values }: Pick<UserError, 'code' | 'values'>,
  message: string,
  more?: ReasonValues,
): SourceNotice {
  const all = { ...values, ...more };
  return { type: 'source-lost', message, code, ...(Object.keys(all).length > 0 && { values: all }) };
}
