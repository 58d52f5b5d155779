import type { ProblemBody } from '../server/http/problem.ts';

/** Whatever `fetch` takes as a body. */
export type Upload = NonNullable<RequestInit['body']>;

export interface RequestOptions {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly file?: Upload;
  readonly signal?: AbortSignal | undefined;
}

/** One request; throws an ApiError where the server refuses it, and what `fetch` throws where none answers. */
export async function request(
  address: Address,
  method: string,
  path: string,
  { query = {}, body, file, signal }: RequestOptions = {},
): Promise<Response> {
  const headers: Record<string, string> = {};
  if (address.token !== undefined) headers.authorization = `Bearer ${address.token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(addressOf(address, path, 'http', query), {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    // A stream as a body must say that it is read while the answer may come.
    ...(file !== undefined && { body: file, duplex: 'half' }),
    ...(signal && { signal }),
  } as RequestInit);
  if (response.ok) return response;
  throw await errorOf(response);
}

/** The same for an answer in JSON. */
export async function requestJson<T>(
  address: Address,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const response = await request(address, method, path, options);
  return (await response.json()) as T;
}

async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<ProblemBody>;
  const { code = 'http', detail = `The server answered ${response.status}.`, errors } = problem;
  return new ApiError(response.status, code, detail, errors);
}

/** Where a server is and what it is shown; all of the client goes through here. */
export interface Address {
  /** `http://127.0.0.1:8787/`, or below a path behind a proxy. */
  readonly url: string;
  readonly token?: string | undefined;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export function addressOf({ url }: Address, path: string, kind: 'http' | 'ws', query: Query = {}): URL {
  const base = url.endsWith('/') ? url : `${url}/`;
  const full = new URL(path, base);
  if (kind === 'ws') full.protocol = full.protocol === 'https:' ? 'wss:' : 'ws:';
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) full.searchParams.set(name, String(value));
  return full;
}

/** What the server says is wrong: its sentence as the message, and its stable code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status, or the close code of a socket. */
  readonly status: number;
  readonly code: string;
  /** Where the request is wrong, field by field, as far as the server tells. */
  readonly errors: NonNullable<ProblemBody['errors']>;

  constructor(status: number, code: string, message: string, errors: ProblemBody['errors'] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}
