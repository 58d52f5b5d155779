import type { Server } from 'node:http';
import type { BlockList } from 'node:net';
import { addressKey, inList, unmapped } from './auth/address.ts';

/** A request has this long to be sent, headers first; only the body of an upload is slow with good reason. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 600_000;

/** Nobody takes all connections there are, with or without saying anything on them. */
export function limitConnections(server: Server, perAddress: number, proxies: () => BlockList): void {
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = unmapped(socket.remoteAddress ?? '');
    if (inList(proxies(), address)) return; // Behind it are many.
    const key = addressKey(address);
    const count = open.get(key) ?? 0;
    if (count >= perAddress) {
      socket.destroy();
      return;
    }
    open.set(key, count + 1);
    socket.once('close', () => {
      const left = (open.get(key) ?? 1) - 1;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    });
  });
}
