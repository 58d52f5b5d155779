import { createSocket, type Socket } from 'node:dgram';
import type { AddressGuard } from '../../stream/sources/http/address-guard.ts';
import { faultOf, SinkFault } from '../sink-fault.ts';
import { type HostAndPort, resolveHost } from './host.ts';

export interface UdpOptions {
  readonly guard: AddressGuard | undefined;
  /** Allows the broadcast address of a network. */
  readonly broadcast?: boolean;
  /** Address of this computer whose network multicast is sent to. Default: the system chooses. */
  readonly multicastFrom?: string | undefined;
}

export interface UdpConnection {
  readonly socket: Socket;
  /** Resolves with the fault when the socket has an error, such as that of a closed port. */
  readonly lost: Promise<SinkFault>;
  /** Sends one datagram. Rejects with an error of the network. */
  send(bytes: Uint8Array): Promise<void>;
}

/** A socket that is connected to one address, so that the error of a closed port reaches it. @throws ForbiddenAddress, SinkFault `no-address` */
export async function connectUdp({ host, port }: HostAndPort, options: UdpOptions): Promise<UdpConnection> {
  const { guard, broadcast = false, multicastFrom } = options;
  const { address, family } = await resolveHost(host, guard);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const lost = new Promise<SinkFault>((resolve) => {
    socket.on('error', (error) => resolve(faultOf(error)));
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(() => {
        if (broadcast) socket.setBroadcast(true);
        try {
          if (multicastFrom !== undefined) socket.setMulticastInterface(multicastFrom);
        } catch {
          const values = { address: multicastFrom ?? '' };
          return reject(
            new SinkFault('no-address', `this computer has no address ${multicastFrom}`, { values }),
          );
        }
        // Not in the types: the error of an address that cannot be reached goes to the callback alone.
        socket.connect(port, address, (error?: Error) => {
          socket.off('error', reject);
          if (error) reject(error);
          else resolve();
        });
      });
    });
  } catch (error) {
    socket.close(); // The link tries again for ever.
    throw error;
  }
  return {
    socket,
    lost,
    send: (bytes) =>
      new Promise((resolve, reject) => socket.send(bytes, (error) => (error ? reject(error) : resolve()))),
  };
}
