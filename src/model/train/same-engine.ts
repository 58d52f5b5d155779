import { UserError } from '../../user-error.ts';

/**
 * Holds what goes on to the engine that it began on: another one rounds otherwise, and the rest of the run would
 * follow from neither the seed nor the log.
 *
 * @param began description of that engine; undefined where it was not noted then
 * @returns a sentence for people where it cannot be known whether it is the same
 * @throws UserError `bad-checkpoint` where it is another
 */
export function checkSameEngine(
  what: string,
  folder: string,
  began: string | undefined,
  now: string,
): string | undefined {
  if (began === now) return undefined;
  if (began === undefined) {
    return `It is not noted on which engine the ${what} in ${folder} began: unless it was ${now} too, it cannot be repeated from its seed.`;
  }
  throw new UserError(
    'bad-checkpoint',
    `The ${what} in ${folder} was begun on ${began} and this is ${now}, which gives other numbers; choose the first with --engine, or begin anew with another --out.`,
  );
}
