import { type Address, ApiError, addressOf, type Query, type RequestOptions, request } from './request.ts';

/** The part of the WebSocket API used here, common to browsers, Node (from 22 on) and `ws`. */
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

/** Pauses before reconnecting. */
export const RECONNECT = { retryMs: 500, maxRetryMs: 15_000 };

/** The runtime's own WebSocket, or that of `ws`, a dependency of undertone, on Node 20. */
export async function webSocketConstructor(): Promise<WebSocketConstructor> {
  const own = (globalThis as { WebSocket?: unknown }).WebSocket;
  if (own !== undefined) return own as WebSocketConstructor;
  const name = 'ws'; // A variable, so that bundlers for browsers do not include it.
  const { WebSocket } = (await import(/* @vite-ignore */ name)) as { WebSocket: unknown };
  return WebSocket as WebSocketConstructor;
}

/** The token is sent as a subprotocol: browsers cannot set headers here, and URLs may end up in logs. */
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
 * Calls `handle` once when the socket is closed or could not be opened, with the close code (1006 without a closing
 * handshake). Some versions of Node 22 send no `close` event after a refused upgrade, only `error`.
 */
export function onceClosed(
  socket: WebSocketLike,
  handle: (event: { readonly code: number; readonly reason: string }) => void,
): void {
  let opened = false;
  let called = false;
  const call = (event: { readonly code: number; readonly reason: string }) => {
    if (called) return;
    called = true;
    handle(event);
  };
  const { onopen } = socket;
  socket.onopen = (event) => {
    opened = true;
    onopen?.(event);
  };
  socket.onerror = () => {
    if (!opened) call({ code: 1006, reason: '' });
  };
  socket.onclose = call;
}

/**
 * Why the server refused to open a socket, such as a wrong token; undefined if trying again may help. Not every
 * runtime exposes the response to a failed upgrade, so this sends the same request without the upgrade. In a browser
 * it is not needed: there the server opens the socket and sends its reason.
 */
export async function refusalOf(
  address: Address,
  path: string,
  options: RequestOptions = {},
): Promise<ApiError | undefined> {
  if ('document' in globalThis) return undefined;
  try {
    await request(address, 'GET', path, options);
  } catch (error) {
    if (error instanceof ApiError && PERMANENT.includes(error.status)) return error;
  }
  return undefined;
}

const PERMANENT: readonly number[] = [400, 401, 403, 404];

/** Waits `ms`; ends early when `signal` aborts and, in a browser, when the network is back or the page is shown. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
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
