import type { Server } from 'node:http';
import type { BlockList } from 'node:net';
import { UserError } from '../../user-error.ts';
import { inList, unmapped } from '../auth/address.ts';
import { AddressCount } from './address-count.ts';

/** Resolves once the server listens; every fault is one sentence. */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UserError(
        'port-in-use',
        `Port ${port} is in use, perhaps by another undertone: stop that, or choose another with --port.`,
        { cause: error },
      );
    case 'EACCES':
      return new UserError(
        'port-forbidden',
        `Port ${port} may not be opened by this user: choose one from 1024 up with --port.`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(
        'bad-host',
        `The address ${host} is not one of this computer's: choose another with --host.`,
        { cause: error },
      );
    default:
      return error;
  }
}

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
