import type { Server } from 'node:http';
import { UserError } from '../user-error.ts';

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
