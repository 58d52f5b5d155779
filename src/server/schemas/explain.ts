import type { z } from 'zod';

/** What was wrong with one value, as problem details list it. */
export interface FieldFault {
  /** Where the value stands: `title`, `tags.3`; empty for the whole. */
  readonly path: string;
  readonly expected: string;
  /** The value as JSON, cut short; null where there was none. */
  readonly got: string | null;
}

/** Longer values are cut: the answer is for a person, and a megabyte must not come back. */
const GOT_LENGTH = 120;
const FAULTS = 20;

/** A failed check as one clause: `sampleRate: expected at least 8000 Hz`. */
export function explain(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'it is not what was expected';
  const path = issue.path.filter((key) => typeof key === 'string').join('.');
  const message = issue.message.startsWith('Invalid input: expected') ? expectedBy(issue) : issue.message;
  return path === '' ? message : `${path}: ${message}`;
}

/** Every failed check, for a client that marks the fields of its form. */
export function faultsOf(error: z.ZodError, value: unknown): FieldFault[] {
  return error.issues.slice(0, FAULTS).map((issue) => ({
    path: issue.path.join('.'),
    expected: expectedBy(issue).replace(/^expected /, ''),
    got: gotAt(value, issue.path),
  }));
}

function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `expected no key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  // `Invalid input: expected string, received undefined`
  return issue.message.replace(/^Invalid input: /, '').replace(/, (got|received) .*$/s, '');
}

function gotAt(value: unknown, path: readonly PropertyKey[]): string | null {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  const text = JSON.stringify(at) as string | undefined;
  if (text === undefined) return null;
  return text.length > GOT_LENGTH ? `${text.slice(0, GOT_LENGTH)}…` : text;
}
