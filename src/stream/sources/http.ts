import type { AudioChunk, Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { type Clock, type RetryOptions, SYSTEM_CLOCK } from '../../util/retry.ts';
import { withoutSecrets } from '../../util/without-secrets.ts';
import { pace } from '../chunks.ts';
import { decodeStream } from '../decode/decode.ts';
import { steady } from '../jitter-buffer.ts';
import type { NextTitle } from '../track-title.ts';
import { hlsAudio } from './hls/hls-audio.ts';
import { openHls } from './hls/hls-segments.ts';
import type { AddressGuard } from './http/address-guard.ts';
import { AudioWatch } from './http/audio-watch.ts';
import { broadcast } from './http/broadcast.ts';
import { fetchAudio } from './http/fetch-audio.ts';
import { withTagTitle } from './http/tag-title.ts';
import { parseHttpUrl } from './http/url.ts';
import { webAddressOf } from './playlist/entry-address.ts';
import type { Playlist } from './playlist/parse-playlist.ts';
import { MAX_PLAYLIST_DEPTH, type OpenedEntry, playEntries } from './playlist/play-entries.ts';
import { playlistRefused, recognize, tooDeep } from './playlist/recognize.ts';
import type { SourceKind } from './source-kind.ts';

/** `http://…` or `https://…`: an audio file or a broadcast (Icecast, HLS and similar). */
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
  readonly clock?: Clock;
}

const DEFAULTS = {
  paced: true,
  timeoutMs: 20_000,
  silentMs: 20_000,
  retryMs: 500,
  maxRetryMs: 30_000,
  stableSeconds: 5,
  depth: 0,
  clock: SYSTEM_CLOCK,
};

/**
 * A web address as a source: a recording, a broadcast (http/broadcast.ts), or a playlist, which is followed to other web
 * addresses, never to files.
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
 * @throws UserError those of `fetchAudio`, `recognize` and `openHls`
 */
export async function openHttp(
  url: string,
  options: HttpOptions,
  signal: AbortSignal,
): Promise<OpenedEntry | undefined> {
  const settings: Settings = { ...DEFAULTS, ...options };
  const name = withoutSecrets(parseHttpUrl(url).href);
  // A broadcast is read ahead, so its connection is closed on its own when the consumer stops.
  const stop = new AbortController();
  const whileRead = AbortSignal.any([signal, stop.signal]);
  const opened = await openAddress(url, settings, whileRead);
  if (!opened) return undefined;
  if ('playlist' in opened) {
    const { playlist, address } = opened;
    if (settings.depth >= MAX_PLAYLIST_DEPTH) throw tooDeep(name);
    const next = { ...options, depth: settings.depth + 1 };
    const open = (entry: string) => openHttp(webAddressOf(entry, address), next, signal);
    return { live: false, items: playEntries(playlist, { signal, name, open }) };
  }
  const { live, chunks } = opened;
  if (!settings.paced) return { live, items: chunks };
  if (!live) return { live, items: pace(chunks, signal) };
  const reopen = async () => {
    const again = await openAddress(url, settings, whileRead);
    // Not a playlist, as it was none before.
    if (again && 'playlist' in again) throw playlistRefused(again.playlist, name);
    return again?.chunks;
  };
  const items = broadcast(chunks, { ...settings, name, signal: whileRead, reopen });
  return { live, items: stopping(steady(items, { signal, clock: settings.clock }), stop) };
}

async function* stopping<T>(items: AsyncIterable<T>, stop: AbortController): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    stop.abort();
  }
}

type Opened =
  | { readonly live: boolean; readonly chunks: AsyncIterable<AudioChunk> }
  | { readonly playlist: Playlist; readonly address: string };

/** Connects once. Undefined after an abort. */
async function openAddress(
  url: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<Opened | undefined> {
  const { timeoutMs, guard, clock } = settings;
  const name = withoutSecrets(url);
  try {
    const fetched = await fetchAudio(url, { signal, timeoutMs, guard });
    const { live, type, titles, address } = fetched;
    const content = await recognize(fetched.bytes, { name, type });
    if (!content.playlist) {
      const silentMs = live ? settings.silentMs : undefined;
      const bytes = live ? content.bytes : await withTagTitle(content.bytes, titles);
      return { live, chunks: decodeAnswer(bytes, { signal, name, type, titles, silentMs }) };
    }
    const { playlist } = content;
    if (playlist.text === undefined) return { playlist, address };
    const options = { url: address, name, signal, timeoutMs, guard, clock };
    const list = await openHls(playlist.text, options);
    return { live: !list.media.ended, chunks: hlsAudio(list, options) };
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
    throw new UserError(error.code, message, { cause: error, values: error.values });
  }
}
