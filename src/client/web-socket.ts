import { type Address, addressOf, type Query } from './request.ts';

/** As much of a WebSocket as is used here: the browser's, Node's (from 22 on), or that of `ws`. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown } & never) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string } & never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string | ArrayBuffer | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

export const OPEN = 1;

/** Delays before a lost connection is opened again. */
export const RECONNECT = { retryMs: 500, maxRetryMs: 15_000 };

/** The runtime's own WebSocket, else that of `ws`, which comes with undertone (Node 20). */
export async function webSocketConstructor(): Promise<WebSocketConstructor> {
  const own = (globalThis as { WebSocket?: unknown }).WebSocket;
  if (own !== undefined) return own as WebSocketConstructor;
  const name = 'ws'; // Not for bundlers to follow: a browser has its own.
  const { WebSocket } = (await import(/* @vite-ignore */ name)) as { WebSocket: unknown };
  return WebSocket as WebSocketConstructor;
}

/** The token goes as a subprotocol: a browser can set no header, and an address may end up in a log. */
export function openSocket(
  Socket: WebSocketConstructor,
  address: Address,
  path: string,
  query: Query = {},
): WebSocketLike {
  const protocols = address.token === undefined ? [] : ['undertone', `bearer.${address.token}`];
  const socket = new Socket(addressOf(address, path, 'ws', query).href, protocols);
  socket.binaryType = 'arraybuffer';
  return socket;
}

/**
 * Waits, but no longer than until the network is back or a hidden page is looked at again (in a browser), or
 * `signal` aborts.
 */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const page = globalThis as {
      document?: EventTarget & { readonly hidden: boolean };
      addEventListener?: EventTarget['addEventListener'];
      removeEventListener?: EventTarget['removeEventListener'];
    };
    const shown = () => {
      if (page.document?.hidden === false) done();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (page.document) {
      page.addEventListener?.('online', done);
      page.document.addEventListener('visibilitychange', shown);
    }

    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      page.removeEventListener?.('online', done);
      page.document?.removeEventListener('visibilitychange', shown);
      resolve();
    }
  });
}
