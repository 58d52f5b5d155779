import type { ProblemBody } from '../server/schemas/problem-body.ts';
import { type Address, addressOf, type Query } from './address.ts';
import { ApiError } from './api-error.ts';

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
