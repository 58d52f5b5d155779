import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { InvalidField } from '../../sessions/schema.ts';
import { UserError } from '../../user-error.ts';
import type { FieldError, ProblemBody } from './problem-body.ts';

/** An error as an HTTP response: RFC 9457 problem details, with a stable `code`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The wrong fields of the request, if they are known. */
  readonly errors: readonly FieldError[];

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    headers: Record<string, string> = {},
    errors: readonly FieldError[] = [],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.errors = errors;
  }
}

/** A request that does not match its schema; `value` is the parsed request. */
export function badRequest(error: z.ZodError, value: unknown): Problem {
  const message = `The request is invalid: ${explain(error)}.`;
  return new Problem(400, 'bad-request', message, {}, fieldErrors(error, value));
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Token needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  416: 'Range not satisfiable',
  421: 'Wrong host',
  422: 'Unprocessable content',
  426: 'WebSocket needed',
  429: 'Too many requests',
  501: 'Not supported on this computer',
  503: 'Service unavailable',
};

export function problemResponse(c: Context, problem: Problem): Response {
  const { status, code, message, errors } = problem;
  const body: ProblemBody = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Internal error',
    status,
    code,
    detail: message,
    ...(errors.length > 0 && { errors: [...errors] }),
  };
  const text = JSON.stringify(body);
  if (c.env?.incoming) PROBLEM_TEXTS.set(c.env.incoming, text);
  return c.body(text, status, { 'Content-Type': 'application/problem+json', ...problem.headers });
}

const PROBLEM_TEXTS = new WeakMap<IncomingMessage, string>();

/** The problem that a request was answered with, for refused upgrades, whose response has no body: see sockets.ts. */
export const problemTextOf = (request: IncomingMessage): string | undefined => PROBLEM_TEXTS.get(request);

/** HTTP status of the errors that other folders throw, by code. */
const STATUS_OF: Readonly<Record<string, ContentfulStatusCode>> = {
  'log-failed': 503,
  'log-busy': 503,
  'not-kept': 503,
  busy: 503,
  closing: 503,
  'stream-busy': 409,
  'stream-removed': 409,
  'too-many-streams': 429,
  configured: 409,
  'not-added': 409,
  'source-not-allowed': 403,
  'sink-not-allowed': 403,
  'forbidden-address': 403,
  'bad-source': 422,
  'bad-url': 422,
  'unknown-model': 422,
  'bad-model': 422,
  'bad-request': 400,
  'unknown-stream': 404,
  'unknown-session': 404,
  'unknown-profile': 404,
  'bad-profile': 500,
  'profile-not-fitted': 409,
  'profile-model': 409,
  'profile-in-use': 409,
  'no-reading': 409,
  'no-ratings': 409,
  'too-few-ratings': 409,
  'too-many-ratings': 409,
  'too-many-profiles': 429,
  'unknown-marker': 404,
  'too-many-markers': 409,
  locked: 409,
  'session-open': 409,
  'not-signed': 409,
  'too-many-versions': 409,
  'too-many-addenda': 409,
  'frames-kept': 409,
  'before-log': 422,
  'no-library': 404,
  'no-folders': 409,
  'library-busy': 409,
  'unknown-folder': 404,
  'folder-not-allowed': 403,
  'unknown-track': 404,
  'bad-target': 400,
  'library-file': 500,
  'library-too-new': 500,
  'no-browser': 501,
  'pdf-failed': 500,
};

/** The problem for a Problem, a UserError or an error of Hono; undefined for an internal error. */
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
      return new Problem(
        400,
        'bad-json',
        'The body is not valid JSON: send an object such as {"stream":"booth"}.',
      );
    case 415:
      return new Problem(
        415,
        'media-type',
        'The body must be JSON: send it with Content-Type: application/json.',
      );
    default:
      return new Problem(
        error.status as ContentfulStatusCode,
        'http',
        error.message || 'The request failed.',
      );
  }
}

/** Longer values are cut, so that a large request does not make a large response. */
const GOT_LENGTH = 120;
const MAX_FIELD_ERRORS = 20;

/** The first failed check as one clause: `sampleRate: expected at least 8000 Hz`. */
export function explain(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'it is invalid';
  const path = issue.path.filter((key) => typeof key === 'string').join('.');
  const message = issue.message.startsWith('Invalid input: expected') ? expectedBy(issue) : issue.message;
  return path === '' ? message : `${path}: ${message}`;
}

/** Every failed check, for clients that mark the fields of a form. */
function fieldErrors(error: z.ZodError, value: unknown): FieldError[] {
  return error.issues.slice(0, MAX_FIELD_ERRORS).map((issue) => ({
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
