import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { UserError } from '../../../user-error.ts';
import { VERSION } from '../../../util/package.ts';
import { withoutSecrets } from '../../../util/without-secrets.ts';
import {
  type AddressGuard,
  checkLiteralAddress,
  ForbiddenAddress,
  forbidden,
  guardedLookup,
} from './address-guard.ts';
import { MAX_HEAD_BYTES, rewriteHead } from './response-head.ts';
import { parseHttpUrl, unreachable } from './url.ts';

export interface OpenUrlOptions {
  readonly signal: AbortSignal;
  /** How long the server may take to answer. */
  readonly timeoutMs: number;
  /** Decides which addresses may be connected to. Default: all. */
  readonly guard?: AddressGuard | undefined;
  /** Begins at this byte, if the file still has this `etag`, and ends after `length` bytes. */
  readonly from?:
    | { readonly byte: number; readonly length?: number | undefined; readonly etag?: string | undefined }
    | undefined;
}

/** Podcasts are redirected by one statistics service after another. */
const MAX_REDIRECTS = 10;

/** A response whose body is not read yet, and its address after redirects. */
export interface OpenedUrl {
  readonly response: IncomingMessage;
  readonly address: string;
}

/**
 * Requests a web address, following redirects.
 *
 * @throws UserError `bad-url`, `unreachable`, `http-status`, `forbidden-address` if the guard does not allow the address
 */
export async function openUrl(url: string, options: OpenUrlOptions): Promise<OpenedUrl> {
  let target = parseHttpUrl(url);
  for (let redirects = 0; ; redirects++) {
    const response = await request(target, options);
    const { statusCode: status = 0, headers } = response;
    const location = [301, 302, 303, 307, 308].includes(status) ? headers.location : undefined;
    if (location === undefined)
      return { response: checkResponse(response, withoutSecrets(url), options), address: target.href };
    response.destroy();
    const moved = escapeBytes(location);
    const next = URL.canParse(moved, target.href) ? new URL(moved, target) : undefined;
    if (redirects === MAX_REDIRECTS || !next || !/^https?:$/.test(next.protocol)) {
      const why = next
        ? `redirects more than ${MAX_REDIRECTS} times, or to an address that is not http: or https:`
        : 'redirects to an invalid address';
      throw new UserError('http-status', `${withoutSecrets(url)} ${why}: check the address.`, {
        values: { reason: 'redirects' },
      });
    }
    // Credentials go to the same host and protocol only: not to another server, and not from https: to http:.
    if (next.host === target.host && next.protocol === target.protocol) {
      next.username ||= target.username;
      next.password ||= target.password;
    }
    target = next;
  }
}

/**
 * A header has one character for each byte. Bytes beyond ASCII are escaped one by one, as browsers do: they go back to
 * the server as it sent them, in UTF-8 or any other encoding.
 */
const escapeBytes = (header: string): string =>
  header.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);

function request(target: URL, { signal, timeoutMs, guard, from }: OpenUrlOptions): Promise<IncomingMessage> {
  const address = withoutSecrets(target.href);
  if (guard) checkLiteralAddress(target.href, guard);
  return new Promise((resolve, reject) => {
    const pending = (target.protocol === 'https:' ? https : http).get(target, {
      signal,
      agent: false,
      maxHeaderSize: MAX_HEAD_BYTES,
      headers: {
        'User-Agent': `undertone/${VERSION}`,
        Accept: 'audio/*, application/ogg, */*;q=0.1',
        'Accept-Encoding': 'identity',
        // Titles between the samples.
        'Icy-MetaData': '1',
        ...(from && {
          Range: `bytes=${from.byte}-${from.length === undefined ? '' : from.byte + from.length - 1}`,
          ...(from.etag !== undefined && { 'If-Range': from.etag }),
        }),
      },
      ...(guard && { lookup: guardedLookup(guard) }),
    });
    const timer = setTimeout(() => {
      pending.destroy();
      const seconds = timeoutMs / 1000;
      reject(unreachable(address, `no answer within ${seconds} s`, { reason: 'timeout', seconds }));
    }, timeoutMs);
    pending.once('socket', rewriteHead);
    pending.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    // Errors before the body. The body reports its own.
    pending.on('error', (cause) => {
      clearTimeout(timer);
      reject(cause instanceof ForbiddenAddress ? forbidden(address) : unreachable(address, cause));
    });
  });
}

/** @throws UserError `http-status` */
function checkResponse(
  response: IncomingMessage,
  address: string,
  { from }: OpenUrlOptions,
): IncomingMessage {
  const { statusCode: status = 0, statusMessage } = response;
  if (status === 200 || (status === 206 && from)) return response;
  response.destroy();
  if (status === 401)
    throw new UserError(
      'http-status',
      `${address} answered 401: it needs a user and a password, or other ones; put them into the address, as in http://USER:PASSWORD@host/.`,
      { values: { reason: 'password', status } },
    );
  const answer = `${address} answered ${status} ${statusMessage ?? ''}`.trimEnd();
  throw new UserError(
    'http-status',
    `${answer}: expected an audio file; check that the address opens in a browser.`,
    { values: { status } },
  );
}
