import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { UserError } from '../../../user-error.ts';
import { VERSION } from '../../../util/package.ts';
import { withoutSecrets } from '../../../util/without-secrets.ts';
import {
  type AddressGuard,
  ForbiddenAddress,
  forbidden,
  guardedLookup,
  refuseLiteral,
} from './address-guard.ts';
import { unreachable, urlOf } from './url.ts';

export interface OpenUrlOptions {
  readonly signal: AbortSignal;
  /** How long a server may take to answer. */
  readonly patienceMs: number;
  /** Where connections may be made; without it anywhere. */
  readonly guard?: AddressGuard | undefined;
  /** Goes on from this byte of what `etag` names. */
  readonly from?: { readonly byte: number; readonly etag: string | undefined } | undefined;
}

const MAX_REDIRECTS = 5;

/**
 * A server's answer with audio in it; its body is not read yet.
 *
 * @throws UserError `bad-url`, `unreachable`, `http-status`, `bad-audio` for a page of text,
 *   `forbidden-address` where the guard says no
 */
export async function openUrl(url: string, options: OpenUrlOptions): Promise<IncomingMessage> {
  let target = urlOf(url);
  for (let redirects = 0; ; redirects++) {
    const response = await ask(target, options);
    const { statusCode: status = 0, headers } = response;
    const moved = [301, 302, 303, 307, 308].includes(status) ? headers.location : undefined;
    if (moved === undefined) return accepted(response, withoutSecrets(url), options);
    response.destroy();
    const next = URL.canParse(moved, target.href) ? new URL(moved, target) : undefined;
    if (redirects === MAX_REDIRECTS || !next || !/^https?:$/.test(next.protocol)) {
      const why = next
        ? `sends on more than ${MAX_REDIRECTS} times, or to what is no web address`
        : 'sends on to nowhere';
      throw new UserError('http-status', `${withoutSecrets(url)} ${why}: check the address.`);
    }
    // What is secret stays with the server that it was meant for, and on a line that cannot be overheard.
    if (next.host === target.host && next.protocol === target.protocol) {
      next.username ||= target.username;
      next.password ||= target.password;
    }
    target = next;
  }
}

function ask(target: URL, { signal, patienceMs, guard, from }: OpenUrlOptions): Promise<IncomingMessage> {
  const address = withoutSecrets(target.href);
  if (guard) refuseLiteral(target.href, guard);
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? https : http).get(target, {
      signal,
      agent: false,
      headers: {
        'User-Agent': `undertone/${VERSION}`,
        Accept: 'audio/*, application/ogg, */*;q=0.1',
        // Titles between the samples would have to be taken out again.
        'Icy-MetaData': '0',
        ...(from && {
          Range: `bytes=${from.byte}-`,
          ...(from.etag !== undefined && { 'If-Range': from.etag }),
        }),
      },
      ...(guard && { lookup: guardedLookup(guard) }),
    });
    const timer = setTimeout(() => {
      request.destroy();
      reject(unreachable(address, `nothing came for ${patienceMs / 1000} s`));
    }, patienceMs);
    request.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    // A body that breaks off is told by the body; this is for what comes before it.
    request.on('error', (cause) => {
      clearTimeout(timer);
      reject(cause instanceof ForbiddenAddress ? forbidden(address) : unreachable(address, cause));
    });
  });
}

function accepted(response: IncomingMessage, address: string, { from }: OpenUrlOptions): IncomingMessage {
  const { statusCode: status = 0, statusMessage, headers } = response;
  const type = headers['content-type'] ?? '';
  let fault: UserError | undefined;
  if (status !== 200 && !(status === 206 && from)) {
    const answer = `${address} answered ${status} ${statusMessage ?? ''}`.trimEnd();
    fault = new UserError(
      'http-status',
      `${answer}: expected an audio file; check that the address opens in a browser.`,
    );
  } else if (/^(text\/(html|plain)|application\/json)\b/i.test(type)) {
    fault = new UserError(
      'bad-audio',
      `${address} is ${type.split(';')[0]}, not audio: expected the address of the audio file itself.`,
    );
  }
  if (!fault) return response;
  response.destroy();
  throw fault;
}
