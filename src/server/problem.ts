import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { UserError } from '../user-error.ts';
import { explain, type FieldFault, faultsOf } from './schemas/explain.ts';
import type { ProblemBody } from './schemas/problem-body.ts';

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
};

/** A fault that Hono itself found, in our words; undefined for one that is ours to look into. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof UserError && error.code in STATUS_OF)
    return new Problem(STATUS_OF[error.code]!, error.code, error.message);
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
