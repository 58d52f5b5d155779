import type { SpectrogramMessage } from '../server/spectrogram/schema.ts';
import { createBackoff } from '../util/retry.ts';
import { createInbox } from './inbox.ts';
import type { Address } from './request.ts';
import { openSocket, pause, RECONNECT, refusalOf, webSocketConstructor } from './web-socket.ts';

export interface SpectrogramOptions {
  readonly signal?: AbortSignal;
}

/**
 * Receives the mel frames of a stream until the caller stops iterating. It reconnects when the connection drops; what
 * was missed meanwhile is not sent again. Each connection begins with a `hello`.
 *
 * @throws ApiError if the server refuses permanently, for example for a wrong token
 */
export async function* spectrogram(
  address: Address,
  stream: string,
  { signal = new AbortController().signal }: SpectrogramOptions = {},
): AsyncGenerator<SpectrogramMessage, void> {
  const Socket = await webSocketConstructor();
  const path = `v1/streams/${encodeURIComponent(stream)}/spectrogram`;
  const backoff = createBackoff(RECONNECT);
  while (!signal.aborted) {
    const inbox = createInbox(openSocket(Socket, address, path));
    const end = () => inbox.end();
    signal.addEventListener('abort', end);
    try {
      for await (const text of inbox) {
        const message = JSON.parse(text) as SpectrogramMessage | { readonly type: 'error' };
        if (message.type === 'hello') backoff.reset();
        if (message.type === 'hello' || message.type === 'mel') yield message;
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', end);
      inbox.end();
    }
    const refusal = inbox.opened ? undefined : await refusalOf(address, path, { signal });
    if (refusal && !signal.aborted) throw refusal;
    await pause(backoff.nextMs(), signal);
  }
}
