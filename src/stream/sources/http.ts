import type { Source, SourceItem } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createBackoff, type RetryOptions, wait } from '../../util/retry.ts';
import { withoutSecrets } from '../../util/without-secrets.ts';
import { pace } from '../chunks.ts';
import { decodeStream } from '../decode/decode.ts';
import type { AddressGuard } from './http/address-guard.ts';
import { fetchAudio } from './http/fetched.ts';
import { urlOf } from './http/url.ts';

export interface HttpOptions extends Partial<RetryOptions> {
  /** A file as if it were played now, a broadcast taken up again when it breaks off; else once, as fast as it comes. */
  readonly paced?: boolean;
  /** Where connections may be made; without it anywhere. */
  readonly guard?: AddressGuard | undefined;
  /** How long a server may take to answer, and how long it may then say nothing. */
  readonly patienceMs?: number;
  /** A connection that lasted so long was a good one: the next retry is a first one again. */
  readonly goodSeconds?: number;
}

const DEFAULTS = { paced: true, patienceMs: 20_000, retryMs: 500, maxRetryMs: 30_000, goodSeconds: 5 };

/**
 * `http://…` or `https://…`: an audio file, or a broadcast (Icecast and its like), which goes on for ever:
 * when it breaks off it is opened again, with growing pauses, until it is back. Only the first time throws,
 * for then the user can see to it.
 *
 * @throws UserError `bad-url`
 */
export function httpSource(url: string, options: HttpOptions = {}): Source {
  const settings = { ...DEFAULTS, ...options };
  const uri = withoutSecrets(urlOf(url).href);
  return {
    uri,
    async *open(signal) {
      const first = await open(url, settings, signal);
      if (!first) return;
      const chunks = decodeStream(first.bytes, { signal, name: uri });
      if (!settings.paced) yield* chunks;
      else if (first.live) yield* broadcast(url, chunks, settings, signal);
      else yield* pace(chunks, signal);
    },
  };
}

type Settings = HttpOptions & typeof DEFAULTS;

async function open(url: string, { patienceMs, guard }: Settings, signal: AbortSignal) {
  try {
    return await fetchAudio(url, { signal, patienceMs, guard });
  } catch (fault) {
    if (signal.aborted) return undefined;
    throw fault;
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
  let everHeard = false;
  let lost = false;
  const backoff = createBackoff(settings);
  for (;;) {
    let reason = `${name} came to its end`;
    let seconds = 0;
    try {
      for await (const item of chunks ?? []) {
        if (lost) yield { type: 'source-restored', message: `${name} is back.` };
        lost = false;
        everHeard = true;
        if (item.type === 'audio') seconds += item.samples.length / item.channels / item.sampleRateHz;
        if (seconds > settings.goodSeconds) backoff.reset();
        yield item;
      }
    } catch (fault) {
      if (!(fault instanceof UserError) || !everHeard) throw fault;
      reason = fault.message.replace(/[:;] [^:;]*\.$|\.$/, '');
    }
    if (signal.aborted) return;
    if (!lost) yield { type: 'source-lost', message: `${reason}: trying again until it is back.` };
    lost = true;
    await wait(backoff.nextMs(), signal);
    if (signal.aborted) return;
    chunks = await open(url, settings, signal).then(
      (fetched) => fetched && decodeStream(fetched.bytes, { signal, name }),
      (fault: unknown) => {
        if (fault instanceof UserError) return undefined; // Told already; the next try may fare better.
        throw fault;
      },
    );
  }
}
