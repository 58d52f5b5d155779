import type { IncomingMessage } from 'node:http';
import { UserError } from '../../../user-error.ts';
import { peekBytes } from '../../../util/bytes.ts';
import {
  type ContentEncoding,
  contentEncodings,
  isGzip,
  isZlibError,
  unpack,
} from '../../../util/content-encoding.ts';
import { readStream } from '../../../util/read-stream.ts';
import { withoutSecrets } from '../../../util/without-secrets.ts';
import { detectType } from '../../decode/decoder.ts';
import { NextTitle } from '../../track-title.ts';
import type { AddressGuard } from './address-guard.ts';
import { icyInterval, stripIcyMetadata } from './broadcast-bytes.ts';
import { type OpenUrlOptions, openUrl } from './open-url.ts';
import { unreachable } from './url.ts';

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** How long the server may take to answer, and how long it may then send nothing. */
  readonly timeoutMs: number;
  readonly guard?: AddressGuard | undefined;
  /** Only this part of a file. */
  readonly from?: OpenUrlOptions['from'];
}

/** The audio at a web address. */
export interface FetchedAudio {
  /** A broadcast: it has no length, and opening it again continues at the present moment. */
  readonly live: boolean;
  /** Read no faster than it is pulled. It can be iterated once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The server sends only the part of `from`, not the whole file. */
  readonly isPart: boolean;
  /** The title between the bytes that were read last and those that come next. */
  readonly titles: NextTitle;
  /** The address after redirects, with its secrets: relative addresses in the bytes refer to it. */
  readonly address: string;
  /** The media type that the server announces, such as `audio/mpeg`; empty if it announces none. */
  readonly type: string;
}

/** @throws UserError as `openUrl` does; the bytes throw `unreachable` */
export async function fetchAudio(url: string, options: FetchOptions): Promise<FetchedAudio> {
  const { response, address } = await openUrl(url, options);
  const { headers } = response;
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  const live =
    headers['content-length'] === undefined || Object.keys(headers).some((name) => name.startsWith('icy-'));
  const isPart = response.statusCode === 206;
  const whole = !live && !options.from;
  const body = whole ? fileBytes(url, response, options) : bodyOf(url, response, options);
  const plain = unpacked(withoutSecrets(url), body, headers['content-encoding']);
  const titles = new NextTitle();
  if (!live) return { live, isPart, bytes: plain, titles, address, type };
  const interval = icyInterval(headers['icy-metaint'] as string | undefined);
  const bytes =
    interval === undefined ? plain : stripIcyMetadata(plain, interval, (track) => titles.set(track));
  return { live, isPart, bytes, titles, address, type };
}

/** Decompresses a body, unless the server announces a compression that the bytes do not have. */
async function* unpacked(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  header: string | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encodings = contentEncodings(header) ?? [];
  let outer: AsyncIterable<Uint8Array> = bytes;
  for (const encoding of encodings.toReversed()) {
    const { head, all } = await peekBytes(outer, 16);
    outer = isCompressed(head, encoding) ? unpack(all, encoding) : all;
  }
  try {
    yield* outer;
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    const message = `${name} is damaged: its bytes cannot be decompressed (${header}); report it to the operator of the server.`;
    throw new UserError('bad-audio', message, { cause });
  }
}

/** Only gzip begins with a mark; for the others, bytes that are audio are not compressed. */
const isCompressed = (head: Uint8Array, encoding: ContentEncoding): boolean =>
  encoding === 'gzip' ? isGzip(head) : head.length > 0 && detectType(head) === undefined;

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
      ({ response } = await openUrl(url, { ...options, from: { byte, etag } }));
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
    for await (const bytes of readStream(response)) {
      // The timeout is for the server only, not for the consumer.
      clearTimeout(timer);
      yield bytes;
      timer = wait();
    }
  } catch (cause) {
    if (signal.aborted) return;
    const address = withoutSecrets(url);
    if (!stalled) throw unreachable(address, cause);
    const seconds = timeoutMs / 1000;
    throw unreachable(address, `no data for ${seconds} s`, { reason: 'timeout', seconds });
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}
