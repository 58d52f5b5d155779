import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { InvalidField } from '../../sessions/schema.ts';
import { UserError } from '../../user-error.ts';

/** A fault as HTTP tells it: RFC 9457 problem details, with our stable `code`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where the request is wrong, where it is known by the field. */
  readonly errors: readonly FieldFault[];

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    headers: Record<string, string> = {},
    errors: readonly FieldFault[] = [],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.errors = errors;
  }
}

/** A request that a schema has refused; `value` is what was looked at. */
export function badRequest(error: z.ZodError, value: unknown): Problem {
  const message = `The request is wrong: ${explain(error)}.`;
  return new Problem(400, 'bad-request', message, {}, faultsOf(error, value));
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Token needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Not possible as things are',
  413: 'Too large',
  415: 'Unsupported media',
  416: 'Out of range',
  421: 'Wrong host',
  422: 'Cannot be used',
  426: 'WebSocket needed',
  429: 'Too many at once',
  501: 'Not possible on this computer',
  503: 'Not available now',
};

export function problemResponse(c: Context, problem: Problem): Response {
  const { status, code, message, errors } = problem;
  const body: ProblemBody = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Server error',
    status,
    code,
    detail: message,
    ...(errors.length > 0 && { errors: [...errors] }),
  };
  const text = JSON.stringify(body);
  if (c.env?.incoming) REFUSALS.set(c.env.incoming, text);
  return c.body(text, status, { 'Content-Type': 'application/problem+json', ...problem.headers });
}

const REFUSALS = new WeakMap<IncomingMessage, string>();

/** What a request was refused with, where its answer could not carry it: see upgrade.ts. */
export const refusalOf = (request: IncomingMessage): string | undefined => REFUSALS.get(request);

/** Faults of the parts below, which know nothing of HTTP. */
const STATUS_OF: Readonly<Record<string, ContentfulStatusCode>> = {
  'log-failed': 503,
  'log-busy': 503,
  'not-kept': 503,
  busy: 503,
  closing: 503,
  'stream-busy': 409,
  'too-many-streams': 429,
  configured: 409,
  'source-not-allowed': 403,
  'forbidden-address': 403,
  'bad-source': 422,
  'bad-url': 422,
  'unknown-model': 422,
  'bad-model': 422,
  'bad-request': 400,
  'unknown-stream': 404,
  'unknown-session': 404,
  'unknown-marker': 404,
  'too-many-markers': 409,
  'frames-kept': 409,
  'before-log': 422,
  'no-browser': 501,
  'pdf-failed': 500,
};

/** A fault that Hono itself found, in our words; undefined for one that is ours to look into. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof UserError && error.code in STATUS_OF)
    return new Problem(
      STATUS_OF[error.code]!,
      error.code,
      error.message,
      error.code === 'busy' ? { 'Retry-After': '3' } : {},
      error instanceof InvalidField ? [error.field] : [],
    );
  if (!(error instanceof HTTPException)) return undefined;
  switch (error.status) {
    case 400:
      return new Problem(400, 'bad-json', 'The body is not JSON: send an object such as {"stream":"booth"}.');
    case 415:
      return new Problem(415, 'media-type', 'This takes JSON: send it with Content-Type: application/json.');
    default:
      return new Problem(
        error.status as ContentfulStatusCode,
        'http',
        error.message || 'The request failed.',
      );
  }
}

/** RFC 9457 problem details, with our stable `code`. */
export const problemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable, for programs.' }),
    detail: z.string().meta({ description: 'One sentence, for people.' }),
    errors: z
      .array(z.object({ path: z.string(), expected: z.string(), got: z.string().nullable() }))
      .optional()
      .meta({ description: 'Where the request is wrong: each value, what was expected and what came.' }),
  })
  .meta({ id: 'Problem' });

export type ProblemBody = z.infer<typeof problemBody>;

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
