import type { AudioChunk, Source, SourceItem } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createBackoff, type RetryOptions, wait } from '../../util/retry.ts';
import { withoutSecrets } from '../../util/without-secrets.ts';
import { pace } from '../chunks.ts';
import { decodeStream } from '../decode/decode.ts';
import type { NextTitle } from '../track-title.ts';
import type { AddressGuard } from './http/address-guard.ts';
import { AudioWatch } from './http/audio-watch.ts';
import { type FetchedAudio, fetchAudio } from './http/fetch-audio.ts';
import { parseHttpUrl } from './http/url.ts';
import { webAddressOf } from './playlist/entry-address.ts';
import { MAX_PLAYLIST_DEPTH, type OpenedEntry, playEntries } from './playlist/play-entries.ts';
import { playlistRefused, recognize } from './playlist/recognize.ts';
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
  /** How long a broadcast may send bytes that give no audio. */
  readonly silentMs?: number;
  /** How many playlists led here. */
  readonly depth?: number;
  /** After a connection that lasted this long, the delay before a retry starts again from the first. */
  readonly stableSeconds?: number;
}

const DEFAULTS = {
  paced: true,
  timeoutMs: 20_000,
  silentMs: 20_000,
  retryMs: 500,
  maxRetryMs: 30_000,
  stableSeconds: 5,
  depth: 0,
};

/**
 * A web address as a source. A broadcast never ends: when its connection drops, it is opened again, with growing
 * delays, until it is back. Only the first connection throws, because then the user is there to fix it. A playlist is
 * followed to other web addresses, never to files.
 *
 * @throws UserError `bad-url`
 */
export function httpSource(url: string, options: HttpOptions = {}): Source {
  const uri = withoutSecrets(parseHttpUrl(url).href);
  return {
    uri,
    async *open(signal) {
      yield* (await openHttp(url, options, signal))?.items ?? [];
    },
  };
}

type Settings = HttpOptions & typeof DEFAULTS;

/**
 * Connects to a web address and finds out what is there.
 *
 * @returns undefined after an abort
 * @throws UserError those of `fetchAudio` and `recognize`
 */
export async function openHttp(
  url: string,
  options: HttpOptions,
  signal: AbortSignal,
): Promise<OpenedEntry | undefined> {
  const settings: Settings = { ...DEFAULTS, ...options };
  const name = withoutSecrets(parseHttpUrl(url).href);
  const fetched = await connect(url, settings, signal);
  if (!fetched) return undefined;
  const { live, type } = fetched;
  const content = await recognize(fetched.bytes, { name, type });
  const { playlist } = content;
  if (!playlist) {
    const silentMs = live ? settings.silentMs : undefined;
    const chunks = decodeAnswer(content.bytes, { signal, name, type, titles: fetched.titles, silentMs });
    if (!settings.paced) return { live, items: chunks };
    return { live, items: live ? broadcast(url, chunks, settings, signal) : pace(chunks, signal) };
  }
  if (settings.depth >= MAX_PLAYLIST_DEPTH) throw playlistRefused(playlist, name);
  const next = { ...options, depth: settings.depth + 1 };
  const open = (entry: string) => openHttp(webAddressOf(entry, fetched.address), next, signal);
  return { live: false, items: playEntries(playlist, { signal, name, open }) };
}

/** Undefined after an abort. */
async function connect(url: string, { timeoutMs, guard }: Settings, signal: AbortSignal) {
  try {
    return await fetchAudio(url, { signal, timeoutMs, guard });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

interface AnswerOptions {
  readonly signal: AbortSignal;
  readonly name: string;
  readonly type: string;
  readonly titles: NextTitle;
  /** How long bytes may arrive without audio; absent: not limited. */
  readonly silentMs?: number | undefined;
}

/** Decodes an answer. If that is no audio, the error names the type that the server announces. */
async function* decodeAnswer(
  bytes: AsyncIterable<Uint8Array>,
  { signal, name, type, titles, silentMs }: AnswerOptions,
): AsyncGenerator<AudioChunk, void, undefined> {
  let any = false;
  const watch = silentMs === undefined ? undefined : new AudioWatch(name, silentMs);
  try {
    for await (const chunk of decodeStream(watch?.bytes(bytes) ?? bytes, { signal, name })) {
      any = true;
      watch?.audio();
      yield titles.addTo(chunk);
    }
  } catch (error) {
    const isAudio = /^(audio|video)\/|^application\/(ogg|octet-stream)$|^$/.test(type);
    if (any || isAudio || !(error instanceof UserError) || error.code !== 'bad-audio') throw error;
    const message = `${error.message.replace(/\.$/, '')}; the server announces it as ${type}.`;
    throw new UserError(error.code, message, { cause: error });
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
      (fetched) => fetched && decodeAgain(fetched, { signal, name, silentMs: settings.silentMs }),
      (error: unknown) => {
        if (error instanceof UserError) return undefined; // Reported already as source-lost.
        throw error;
      },
    );
  }
}

/** What a broadcast sends after a reconnection: not a playlist, as it was none before. */
async function* decodeAgain(
  { bytes, type, titles }: FetchedAudio,
  options: Omit<AnswerOptions, 'type' | 'titles'>,
): AsyncGenerator<AudioChunk, void, undefined> {
  const content = await recognize(bytes, { name: options.name, type });
  if (content.playlist) throw playlistRefused(content.playlist, options.name);
  yield* decodeAnswer(content.bytes, { ...options, type, titles });
}
