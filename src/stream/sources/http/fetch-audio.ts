import type { IncomingMessage } from 'node:http';
import { withoutSecrets } from '../../../util/without-secrets.ts';
import type { AddressGuard } from './address-guard.ts';
import { skipToFirstFrame, stripIcyMetadata } from './broadcast-bytes.ts';
import { openUrl } from './open-url.ts';
import { unreachable } from './url.ts';

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** How long the server may take to answer, and how long it may then send nothing. */
  readonly timeoutMs: number;
  readonly guard?: AddressGuard | undefined;
}

/** The audio at a web address. */
export interface FetchedAudio {
  /** A broadcast: it has no length, and opening it again continues at the present moment. */
  readonly live: boolean;
  /** Read no faster than it is pulled. It can be iterated once. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** @throws UserError as `openUrl` does; the bytes throw `unreachable` */
export async function fetchAudio(url: string, options: FetchOptions): Promise<FetchedAudio> {
  const response = await openUrl(url, options);
  const { headers } = response;
  const live =
    headers['content-length'] === undefined || Object.keys(headers).some((name) => name.startsWith('icy-'));
  if (!live) return { live, bytes: fileBytes(url, response, options) };
  const interval = Number(headers['icy-metaint'] ?? 0);
  const body = bodyOf(url, response, options);
  const bytes = interval > 0 ? stripIcyMetadata(body, interval) : body;
  const framed = /^audio\/(mpeg|mp3|aacp?)\b/i.test(headers['content-type'] ?? '');
  return { live, bytes: framed ? skipToFirstFrame(bytes) : bytes };
}

/** A file of known length. When the connection drops and the server supports ranges, it resumes where it stopped. */
async function* fileBytes(
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
    } catch (error) {
      // A connection without a single byte is not tried again.
      if (!ranges || byte === before || byte >= length) throw error;
      response = await openUrl(url, { ...options, from: { byte, etag } });
      if (response.statusCode !== 206) {
        response.destroy();
        throw error; // The file has changed.
      }
    }
  }
}

async function* bodyOf(
  url: string,
  response: IncomingMessage,
  { signal, timeoutMs }: FetchOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let stalled = false;
  const wait = () =>
    setTimeout(() => {
      stalled = true;
      response.destroy(new Error('stalled'));
    }, timeoutMs);
  let timer = wait();
  try {
    for await (const bytes of response as AsyncIterable<Buffer>) {
      // The timeout is for the server only, not for the consumer.
      clearTimeout(timer);
      yield bytes;
      timer = wait();
    }
  } catch (cause) {
    if (signal.aborted) return;
    throw unreachable(withoutSecrets(url), stalled ? `no data for ${timeoutMs / 1000} s` : cause);
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}
