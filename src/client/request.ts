import type { Resolution } from '../log/query.ts';
import type { ProblemBody } from '../server/http/problem-body.ts';
import type { EmotionBucket, EmotionFrame } from '../types.ts';

/** Where the server is, and how the client authenticates. */
export interface Address {
  /** `http://127.0.0.1:8787/`; may have a path, behind a proxy. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** Anything that `fetch` accepts as a body. */
export type Upload = NonNullable<RequestInit['body']>;

export interface RequestOptions {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent unchanged. */
  readonly file?: Upload;
  readonly signal?: AbortSignal | undefined;
}

/** Sends a request. Throws an ApiError if the server answers with an error, and as `fetch` does without an answer. */
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
    // `fetch` requires `duplex` for a body that is a stream.
    ...(file !== undefined && { body: file, duplex: 'half' }),
    ...(signal && { signal }),
  } as RequestInit);
  if (response.ok) return response;
  throw await errorOf(response);
}

/** Sends a request and parses the JSON of the response. */
export async function requestJson<T>(
  address: Address,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const response = await request(address, method, path, options);
  return (await response.json()) as T;
}

/** A range of time; ISO 8601 or seconds since 1970. */
export interface Span {
  readonly from?: string;
  readonly to?: string;
}

/** Parameters of a range of frames. */
export interface FramesQuery<R extends Resolution = Resolution> {
  /** `step` for frames (the default), or the length of the buckets. */
  readonly resolution?: R;
  /** `no` leaves out the forecasts: a third of the size. Default: `yes`. */
  readonly forecast?: 'yes' | 'no';
  /** Maximum number of rows. */
  readonly limit?: number;
}

/** A range of frames or buckets, oldest first. */
export interface Emotions<Row> {
  readonly stream: string;
  readonly from: string;
  readonly to: string;
  readonly resolution: string;
  readonly frames: readonly Row[];
  /** Whether the range has more than `limit`. */
  readonly truncated: boolean;
}

/** Frames for the resolution `step`, the default; buckets of means for a coarser one. */
type RowOf<R extends Resolution> = R extends 'step' ? EmotionFrame : EmotionBucket;

/** Requests a range of frames of a stream or a session; `path` is that of its `/emotions` route. */
export const requestEmotions = <R extends Resolution>(
  address: Address,
  path: string,
  query: FramesQuery<R> & { readonly from?: string; readonly to?: string } = {},
  signal?: AbortSignal,
): Promise<Emotions<RowOf<R>>> => requestJson(address, 'GET', path, { query: { ...query }, signal });

async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<ProblemBody>;
  const { code = 'http', detail = `The server answered ${response.status}.`, errors } = problem;
  return new ApiError(response.status, code, detail, errors);
}

export type Query = Readonly<Record<string, string | number | readonly (string | number)[] | undefined>>;

/** The URL of a path of the server, with its query. */
export function addressOf({ url }: Address, path: string, kind: 'http' | 'ws', query: Query = {}): URL {
  const base = url.endsWith('/') ? url : `${url}/`;
  const full = new URL(path, base);
  if (kind === 'ws') full.protocol = full.protocol === 'https:' ? 'wss:' : 'ws:';
  for (const [name, value] of Object.entries(query))
    for (const one of value === undefined ? [] : [value].flat()) full.searchParams.append(name, String(one));
  return full;
}

/** An error response of the server: its sentence as the message, and its stable code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status, or the close code of a WebSocket. */
  readonly status: number;
  readonly code: string;
  /** The invalid fields of the request, if the server lists them. */
  readonly errors: NonNullable<ProblemBody['errors']>;

  constructor(status: number, code: string, message: string, errors: ProblemBody['errors'] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}
