import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A fault as HTTP tells it: RFC 9457 problem details, with our stable `code`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Token needed',
  403: 'Not allowed from here',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Too large',
  415: 'Unsupported media',
  421: 'Wrong host',
  422: 'Cannot be read as audio',
  426: 'WebSocket needed',
  429: 'Too many at once',
  503: 'Not available now',
};

export function problemResponse(c: Context, problem: Problem): Response {
  const { status, code, message } = problem;
  const body = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Server error',
    status,
    code,
    detail: message,
  };
  return c.body(JSON.stringify(body), status, {
    'Content-Type': 'application/problem+json',
    // A refused WebSocket upgrade has no body: the sentence travels in a header.
    'X-Problem': message.replace(/[^\x20-\x7e]/g, '?'),
    ...problem.headers,
  });
}
