import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../lab/train/random.ts';

/** A bad network between a client and the server. */
export interface Relay {
  readonly url: string;
  /** How often all connections were cut. */
  cuts: number;
  close(): void;
}

/** Passes TCP connections on to `url`, and cuts all of them every 5 to 40 s, without a close frame. */
export async function startRelay(url: string, random: Random, signal: AbortSignal): Promise<Relay> {
  const { port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const relay: Relay = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    cuts: 0,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  void cutForever();
  return relay;

  async function cutForever(): Promise<void> {
    while (!signal.aborted) {
      await sleep(1000 * random.between(5, 40), undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      for (const socket of sockets) socket.destroy();
      relay.cuts++;
    }
  }
}
