import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { UserError } from '../../src/user-error.ts';

/** Largest edit distance of an unknown option to a known one that is suggested instead. */
const TYPO_DISTANCE = 2;

/**
 * Reports all errors of a configuration at once: one sentence for a single error, else a line for each, with the
 * option's name, what is expected and what was given.
 *
 * @param known names of the options at a path: those of `network` or those of the whole configuration
 */
export function badConfig(
  path: string,
  value: unknown,
  error: z.ZodError,
  known: (place: readonly PropertyKey[]) => readonly string[],
): UserError {
  const faults = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownOption([...issue.path, key], value, known(issue.path)))
      : [line(issue.path, expectedBy(issue), value)],
  );
  const [only] = faults;
  const message =
    faults.length === 1
      ? `The configuration ${path} is invalid: ${only}.`
      : [`The configuration ${path} has ${faults.length} errors:`, ...faults].join('\n  ');
  return new UserError('bad-config', message, { cause: error });
}

function expectedBy(issue: z.core.$ZodIssue): string {
  const expected = issue.message
    .replace(/^Invalid (input|option): /, '')
    .replace(/^Too (small|big): /, '')
    .replace(/, received .*$/s, '');
  return expected.startsWith('expected') ? expected : `expected ${expected}`;
}

function unknownOption(path: readonly PropertyKey[], value: unknown, known: readonly string[]): string {
  const name = String(path.at(-1));
  const nearest = closest(name, [...known]);
  const hint = distance(name.toLowerCase(), nearest.toLowerCase()) <= TYPO_DISTANCE ? ` ("${nearest}"?)` : '';
  return line(path, `expected an option that \`undertone train --print-config\` shows${hint}`, value);
}

function line(path: readonly PropertyKey[], expected: string, value: unknown): string {
  const given = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], value);
  return `${path.join('.') || 'the configuration'}: ${expected}, given ${JSON.stringify(given) ?? 'nothing'}`;
}
