import type { Server } from 'node:http';
import type { BlockList } from 'node:net';
import { UserError } from '../../user-error.ts';
import { inList, unmapped } from '../auth/address.ts';
import { AddressCount, type AddressCountLimits } from './address-count.ts';

/**
 * Resolves when the server listens.
 *
 * @throws UserError `port-in-use`, `port-forbidden`, `bad-host`
 */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new UserError(
        'port-in-use',
        `Port ${port} is in use, perhaps by another undertone: stop that, or choose another port with --port.`,
        { cause },
      );
    case 'EACCES':
      return new UserError(
        'port-forbidden',
        `This user may not open port ${port}: choose one from 1024 up with --port.`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(
        'bad-host',
        `${host} is not an address of this computer: choose another with --host.`,
        { cause },
      );
    default:
      return cause;
  }
}

/** Time for a request to arrive; an upload of audio may take the longer one. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 600_000;

/** Limits the connections of one address, and the time that a request takes to arrive. */
export function limitConnections(server: Server, limits: AddressCountLimits, proxies: () => BlockList): void {
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  const open = new AddressCount(limits);
  server.on('connection', (socket) => {
    const address = unmapped(socket.remoteAddress ?? '');
    if (inList(proxies(), address)) return; // A proxy connects for many clients.
    const release = open.take(address);
    if (release) socket.once('close', release);
    else socket.destroy();
  });
}
