import type { IncomingMessage } from 'node:http';
import { withoutSecrets } from '../../../util/without-secrets.ts';
import type { AddressGuard } from './address-guard.ts';
import { fromFirstFrame } from './from-first-frame.ts';
import { openUrl } from './open-url.ts';
import { unreachable } from './url.ts';
import { withoutTitles } from './without-titles.ts';

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** How long a server may take to answer, and how long it may then say nothing. */
  readonly patienceMs: number;
  readonly guard?: AddressGuard | undefined;
}

/** What a web address turned out to be. */
export interface Fetched {
  /** A broadcast: it has no length, and begins anew wherever it is when it is opened again. */
  readonly live: boolean;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Opens a web address. The bytes are read no faster than they are asked for; they may be asked for once. */
export async function fetchAudio(url: string, options: FetchOptions): Promise<Fetched> {
  const response = await openUrl(url, options);
  const { headers } = response;
  const live =
    headers['content-length'] === undefined || Object.keys(headers).some((name) => name.startsWith('icy-'));
  if (!live) return { live, bytes: whole(url, response, options) };
  const interval = Number(headers['icy-metaint'] ?? 0);
  const body = bodyOf(url, response, options);
  const bytes = interval > 0 ? withoutTitles(body, interval) : body;
  const framed = /^audio\/(mpeg|mp3|aacp?)\b/i.test(headers['content-type'] ?? '');
  return { live, bytes: framed ? fromFirstFrame(bytes) : bytes };
}

/** A file of known length; where the server can, a connection that broke off is taken up again. */
async function* whole(
  url: string,
  first: IncomingMessage,
  options: FetchOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const length = Number(first.headers['content-length']);
  const etag = first.headers.etag;
  const ranges = first.headers['accept-ranges'] === 'bytes' && !etag?.startsWith('W/');
  let byte = 0;
  let response = first;
  for (;;) {
    const before = byte;
    try {
      for await (const bytes of bodyOf(url, response, options)) {
        byte += bytes.length;
        yield bytes;
      }
      return;
    } catch (fault) {
      // One try without a single byte is enough.
      if (!ranges || byte === before || byte >= length) throw fault;
      response = await openUrl(url, { ...options, from: { byte, etag } });
      if (response.statusCode !== 206) {
        response.destroy();
        throw fault; // It is not the same file any more.
      }
    }
  }
}

async function* bodyOf(
  url: string,
  response: IncomingMessage,
  { signal, patienceMs }: FetchOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let stalled = false;
  const wait = () =>
    setTimeout(() => {
      stalled = true;
      response.destroy(new Error('stalled'));
    }, patienceMs);
  let timer = wait();
  try {
    for await (const bytes of response as AsyncIterable<Buffer>) {
      // Only the server is on the clock, not the one who reads this.
      clearTimeout(timer);
      yield bytes;
      timer = wait();
    }
  } catch (cause) {
    if (signal.aborted) return;
    throw unreachable(withoutSecrets(url), stalled ? `nothing came for ${patienceMs / 1000} s` : cause);
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}
