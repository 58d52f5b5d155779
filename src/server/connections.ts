import type { Server } from 'node:http';
import type { BlockList } from 'node:net';
import { AddressCount } from './address-count.ts';
import { inList, unmapped } from './auth/address.ts';

/** A request has this long to be sent, headers first; only the body of an upload is slow with good reason. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 600_000;

/** Limits the connections of one address, and how long a request may take to arrive. */
export function limitConnections(server: Server, perAddress: number, proxies: () => BlockList): void {
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  const open = new AddressCount({ perAddress });
  server.on('connection', (socket) => {
    const address = unmapped(socket.remoteAddress ?? '');
    if (inList(proxies(), address)) return; // A proxy connects for many clients.
    const release = open.take(address);
    if (release) socket.once('close', release);
    else socket.destroy();
  });
}
