import { UserError } from '../../../user-error.ts';
import type { Clock } from '../../../util/retry.ts';
import { withoutSecrets } from '../../../util/without-secrets.ts';
import type { FetchOptions } from '../http/fetch-audio.ts';
import { type HlsMedia, type HlsSegment, parseHls } from './hls-playlist.ts';
import { loadPlaylist } from './load-part.ts';

export interface HlsOptions extends FetchOptions {
  /** Address of the first playlist. */
  readonly url: string;
  /** Of the source, for messages. */
  readonly name: string;
  readonly clock: Clock;
}

/** A media playlist and its address. */
export interface HlsList {
  readonly url: string;
  readonly media: HlsMedia;
}

/** A live stream begins this many segments before its end, which the server has for certain (RFC 8216, 6.3.3). */
const LIVE_SEGMENTS = 3;
/** A list that gets no new segment for so many of its segments' lengths is dead. */
const MAX_IDLE_TARGETS = 6;

/**
 * The media playlist of an address: the list itself, or the one that a master playlist leads to.
 *
 * @throws UserError those of `parseHls` and `loadPlaylist`
 */
export async function openHls(text: string, options: HlsOptions): Promise<HlsList> {
  const { url, name } = options;
  const first = parseHls(text, url, name);
  if (first.kind === 'media') {
    if (first.segments.length > 0 || !first.ended) return { url, media: first };
    throw new UserError('bad-audio', `${name} is an HLS playlist without a segment: check the address.`);
  }
  const loaded = await loadPlaylist(first.url, options);
  const media = parseHls(loaded.text, loaded.address, name);
  if (media.kind === 'media') return { url: first.url, media };
  throw new UserError(
    'bad-audio',
    `${name} is a list of HLS lists of lists: use the address of one of them.`,
  );
}

/**
 * The segments of a media playlist in order. A broadcast's list is loaded again, at the pace that RFC 8216, 6.3.4, sets,
 * until it ends; segments that were removed meanwhile are left out, and the next one is a discontinuity.
 *
 * @throws UserError `unreachable` for a broadcast whose list does not go on, and those of `parseHls` and `loadPlaylist`
 */
export async function* hlsSegments(
  { url, media: first }: HlsList,
  options: HlsOptions,
): AsyncGenerator<HlsSegment, void, undefined> {
  const { name, clock, signal } = options;
  let media = first;
  let next = media.ended ? 0 : (media.segments.at(-LIVE_SEGMENTS)?.sequence ?? 0);
  let loadedMs = clock.nowMs();
  let newMs = loadedMs;
  for (;;) {
    const segments = media.segments.filter(({ sequence }) => sequence >= next);
    for (const segment of segments) {
      yield segment.sequence > next && next > 0 ? { ...segment, discontinuity: true } : segment;
      next = segment.sequence + 1;
    }
    if (media.ended || signal.aborted) return;
    const targetMs = 1000 * media.targetSeconds;
    if (segments.length > 0) newMs = clock.nowMs();
    else if (clock.nowMs() - newMs > MAX_IDLE_TARGETS * targetMs) {
      const idle = Math.round((clock.nowMs() - newMs) / 1000);
      const message = `${withoutSecrets(name)} has had no new segment for ${idle} s.`;
      throw new UserError('unreachable', message, { values: { reason: 'no-segment', seconds: idle } });
    }
    const waitMs = segments.length > 0 ? targetMs : targetMs / 2;
    await clock.wait(loadedMs + waitMs - clock.nowMs(), signal);
    if (signal.aborted) return;
    loadedMs = clock.nowMs();
    const { text, address } = await loadPlaylist(url, options);
    const again = parseHls(text, address, name);
    if (again.kind === 'master')
      throw new UserError('bad-audio', `${name} has changed to a list of lists: open it again.`);
    // The server began anew: its numbers are smaller.
    const newest = again.segments.at(-1)?.sequence;
    if (newest !== undefined && newest + 1 < next)
      next = again.segments.at(-LIVE_SEGMENTS)?.sequence ?? newest;
    media = again;
  }
}
