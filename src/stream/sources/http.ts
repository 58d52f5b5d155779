import type { Source, SourceItem } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createBackoff, type RetryOptions, wait } from '../../util/retry.ts';
import { withoutSecrets } from '../../util/without-secrets.ts';
import { pace } from '../chunks.ts';
import { decodeStream } from '../decode/decode.ts';
import type { AddressGuard } from './http/address-guard.ts';
import { fetchAudio } from './http/fetch-audio.ts';
import { parseHttpUrl } from './http/url.ts';
import type { SourceKind } from './source-kind.ts';

/** `http://…` or `https://…`: an audio file or a broadcast (Icecast and similar). */
export const http: SourceKind = {
  schemes: ['http', 'https'],
  usage: 'http(s)://…',
  remote: 'default',
  create: ({ uri }, { paced = true, guard }) => httpSource(uri, { paced, guard }),
};

export interface HttpOptions extends Partial<RetryOptions> {
  /**
   * Play a file in real time, and reconnect to a broadcast when the connection drops (the default). Otherwise read
   * once, as fast as the audio arrives.
   */
  readonly paced?: boolean;
  /** Decides which addresses may be connected to. Default: all. */
  readonly guard?: AddressGuard | undefined;
  /** How long the server may take to answer, and how long it may then send nothing. */
  readonly timeoutMs?: number;
  /** After a connection that lasted this long, the delay before a retry starts again from the first. */
  readonly stableSeconds?: number;
}

const DEFAULTS = { paced: true, timeoutMs: 20_000, retryMs: 500, maxRetryMs: 30_000, stableSeconds: 5 };

/**
 * A web address as a source. A broadcast never ends: when its connection drops, it is opened again, with growing
 * delays, until it is back. Only the first connection throws, because then the user is there to fix it.
 *
 * @throws UserError `bad-url`
 */
export function httpSource(url: string, options: HttpOptions = {}): Source {
  const settings = { ...DEFAULTS, ...options };
  const uri = withoutSecrets(parseHttpUrl(url).href);
  return {
    uri,
    async *open(signal) {
      const first = await connect(url, settings, signal);
      if (!first) return;
      const chunks = decodeStream(first.bytes, { signal, name: uri });
      if (!settings.paced) yield* chunks;
      else if (first.live) yield* broadcast(url, chunks, settings, signal);
      else yield* pace(chunks, signal);
    },
  };
}

type Settings = HttpOptions & typeof DEFAULTS;

/** Undefined after an abort. */
async function connect(url: string, { timeoutMs, guard }: Settings, signal: AbortSignal) {
  try {
    return await fetchAudio(url, { signal, timeoutMs, guard });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function* broadcast(
  url: string,
  first: AsyncIterable<SourceItem>,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<SourceItem, void, undefined> {
  const name = withoutSecrets(url);
  let chunks: AsyncIterable<SourceItem> | undefined = first;
  let everReceived = false;
  let lost = false;
  const backoff = createBackoff(settings);
  for (;;) {
    let reason = `${name} ended`;
    let seconds = 0;
    try {
      for await (const item of chunks ?? []) {
        if (lost) yield { type: 'source-restored', message: `${name} is back.` };
        lost = false;
        everReceived = true;
        if (item.type === 'audio') seconds += item.samples.length / item.channels / item.sampleRateHz;
        if (seconds > settings.stableSeconds) backoff.reset();
        yield item;
      }
    } catch (error) {
      if (!(error instanceof UserError) || !everReceived) throw error;
      reason = error.message.replace(/[:;] [^:;]*\.$|\.$/, '');
    }
    if (signal.aborted) return;
    if (!lost) yield { type: 'source-lost', message: `${reason}: trying again until it is back.` };
    lost = true;
    await wait(backoff.nextMs(), signal);
    if (signal.aborted) return;
    chunks = await connect(url, settings, signal).then(
      (fetched) => fetched && decodeStream(fetched.bytes, { signal, name }),
      (error: unknown) => {
        if (error instanceof UserError) return undefined; // Reported already as source-lost.
        throw error;
      },
    );
  }
}
