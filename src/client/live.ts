import type { LiveMessage } from '../types.ts';
import { createBackoff } from '../util/retry.ts';
import { Inbox, parseLive } from './inbox.ts';
import { Places } from './places.ts';
import type { Address } from './request.ts';
import { openSocket, pause, RECONNECT, webSocketConstructor } from './web-socket.ts';

/** How the connection stands. */
export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  /** Lost; the next attempt starts at `retryAtMs` (`Date.now()` clock), or when the network is back. */
  | { readonly state: 'waiting'; readonly retryAtMs: number };

export interface LiveOptions {
  /** Only these; all where not given, also those that begin later. */
  readonly streams?: readonly string[];
  /** Where to begin, as `?since=` takes it: `-1` for all, `booth:41:7` for what came after that frame. */
  readonly since?: string;
  /** Streams in which nothing may be missed over a loss; all where not given. */
  readonly resumes?: (stream: string) => boolean;
  readonly onLink?: (link: Link) => void;
  readonly signal?: AbortSignal;
}

/**
 * The messages of `/v1/live`, for as long as they are read: a lost connection is made again, after pauses
 * that grow, and goes on where it was lost, so that every frame comes exactly once. One that reads slowly
 * waits for nothing and loses nothing: what it could not take is asked for again.
 *
 * Throws an ApiError where the server refuses for good, as with a wrong token.
 */
export async function* live(
  address: Address,
  { streams, since, resumes, onLink = () => {}, signal = new AbortController().signal }: LiveOptions = {},
): AsyncGenerator<LiveMessage, void> {
  const Socket = await webSocketConstructor();
  const places = new Places({ since, resumes });
  const backoff = createBackoff(RECONNECT);
  while (!signal.aborted) {
    onLink({ state: 'connecting' });
    const query = { streams: streams?.join(','), since: places.since };
    const inbox = new Inbox(openSocket(Socket, address, 'v1/live', query));
    const end = () => inbox.end();
    signal.addEventListener('abort', end);
    try {
      for await (const text of inbox) {
        const message = parseLive(text);
        if (message === null) continue; // A newer server may say more.
        if (message.type === 'hello') {
          backoff.reset();
          onLink({ state: 'open' });
        }
        if (places.take(message)) yield message;
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', end);
      inbox.end();
    }
    if (signal.aborted) return;
    const waitMs = backoff.nextMs();
    onLink({ state: 'waiting', retryAtMs: Date.now() + waitMs });
    await pause(waitMs, signal);
  }
}
