import type { LiveMessage } from '../types.ts';
import { createBackoff } from '../util/retry.ts';
import { createInbox, parseLive } from './inbox.ts';
import { Positions } from './positions.ts';
import { endWhenQuiet, onOffline } from './quiet.ts';
import type { Address } from './request.ts';
import { openSocket, pause, RECONNECT, refusalOf, webSocketConstructor } from './web-socket.ts';

/** State of the connection. */
export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  /** Lost; the next attempt starts at `retryAtMs` (`Date.now()` clock), or when the network is back. */
  | { readonly state: 'waiting'; readonly retryAtMs: number };

export interface LiveOptions {
  /** Names of the streams to receive; default: all, also those that start later. */
  readonly streams?: readonly string[];
  /** Where to start, as in `?since=`: `-1` for everything, `booth:41:7` for what follows that frame. */
  readonly since?: string;
  /** Whether frames of this stream that were missed while disconnected are requested; default: of all streams. */
  readonly resumes?: (stream: string) => boolean;
  /**
   * Reconnects after this long without a message, for a connection that is gone without a sign, as when a network
   * cable is pulled. Doubled for as long as the server has nothing to send. Default: never.
   */
  readonly quietMs?: number;
  readonly onLink?: (link: Link) => void;
  readonly signal?: AbortSignal;
}

/**
 * Receives the messages of `/v1/live` until the caller stops iterating. It reconnects when the connection drops,
 * with growing pauses, and resumes where it stopped, so that every frame arrives exactly once. A slow reader loses
 * nothing: messages that do not fit into its buffer are requested again.
 *
 * @throws ApiError if the server refuses permanently, for example for a wrong token
 */
export async function* live(
  address: Address,
  {
    streams,
    since,
    resumes,
    quietMs = Number.POSITIVE_INFINITY,
    onLink = () => {},
    signal = new AbortController().signal,
  }: LiveOptions = {},
): AsyncGenerator<LiveMessage, void> {
  const Socket = await webSocketConstructor();
  const positions = new Positions({ since, resumes });
  const backoff = createBackoff(RECONNECT);
  let patienceMs = quietMs;
  while (!signal.aborted) {
    onLink({ state: 'connecting' });
    const query = { streams: streams?.join(','), since: positions.since };
    const inbox = createInbox(openSocket(Socket, address, 'v1/live', query));
    const end = () => inbox.end();
    signal.addEventListener('abort', end);
    const stopListening = onOffline(end);
    const quiet = endWhenQuiet(inbox, patienceMs);
    try {
      for await (const text of inbox) {
        const message = parseLive(text);
        if (message === null) continue;
        if (message.type === 'hello') {
          backoff.reset();
          onLink({ state: 'open' });
        } else if (message.type === 'emotion') patienceMs = quietMs;
        if (positions.receive(message)) yield message;
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', end);
      stopListening();
      quiet.stop();
      inbox.end();
    }
    if (signal.aborted) return;
    if (quiet.ended && inbox.opened) {
      patienceMs *= 2;
      continue;
    }
    const refusal = inbox.opened ? undefined : await refusalOf(address, 'v1/live', { query, signal });
    if (signal.aborted) return;
    if (refusal) throw refusal;
    const waitMs = backoff.nextMs();
    onLink({ state: 'waiting', retryAtMs: Date.now() + waitMs });
    await pause(waitMs, signal);
  }
}
