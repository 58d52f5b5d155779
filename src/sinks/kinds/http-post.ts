import http from 'node:http';
import https from 'node:https';
import type { AddressGuard } from '../../stream/sources/http/address-guard.ts';
import { VERSION } from '../../util/package.ts';
import { withTimeout } from '../../util/with-timeout.ts';
import { SinkFault } from '../sink-fault.ts';
import { guardedHost } from './host.ts';

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly guard: AddressGuard | undefined;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export interface PostAnswer {
  readonly status: number;
  /** The beginning of the body. */
  readonly text: string;
}

/**
 * Why steps that were posted are dropped: the receiver does not accept them now, and will not later. Undefined if it
 * accepted them.
 *
 * @throws SinkFault `http-status` for an answer after which they are sent again
 */
export function rejectionOf({ status, text }: PostAnswer): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  const answer = `it answered ${status}${messageOf(text)}`;
  if (status === 400 || status === 413 || status === 422) return answer;
  throw new SinkFault('http-status', answer, { values: { status } });
}

/** The reason in an answer: its `message` or `error`. */
function messageOf(text: string): string {
  try {
    const { message, error } = JSON.parse(text) as { message?: unknown; error?: unknown };
    const reason = message ?? error;
    return typeof reason === 'string' ? `: ${reason.slice(0, 200)}` : '';
  } catch {
    return '';
  }
}

const MAX_TEXT = 2_000;

/** Posts to a web address that the guard allows. Redirects are not followed. @throws ForbiddenAddress, SinkFault `timeout`, and errors of the network */
export function post(url: URL, options: PostOptions): Promise<PostAnswer> {
  return withTimeout(options.timeoutMs, options.signal, (ends) => postUntil(url, options, ends));
}

function postUntil(url: URL, options: PostOptions, ends: AbortSignal): Promise<PostAnswer> {
  const { headers, body, guard, signal, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      ...guardedHost(url.hostname.replace(/^\[|\]$/g, ''), guard),
      method: 'POST',
      agent: false,
      signal: ends,
      headers: {
        'User-Agent': `undertone/${VERSION}`,
        'Content-Length': Buffer.byteLength(body),
        ...headers,
      },
    });
    const seconds = timeoutMs / 1000;
    const fail = (error: Error) =>
      reject(
        ends.aborted && !signal.aborted
          ? new SinkFault('timeout', `no answer within ${seconds} s`, { values: { seconds } })
          : error,
      );
    request.on('error', fail);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text = (text + part).slice(0, MAX_TEXT)));
      response.on('error', fail);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.end(body);
  });
}
