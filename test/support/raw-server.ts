import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A server that writes bytes as they are, for answers that `node:http` would not write. It ends when the test does.
 *
 * @param answer the whole answer to a path, after which the connection is closed; or a function that writes it
 * @returns its address, without a slash at the end
 */
export async function rawServer(
  answer: (path: string) => Uint8Array | string | ((socket: Socket) => void),
): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (request) => {
      const [, path = ''] = request.toString('latin1').split(' ');
      const bytes = answer(path);
      if (typeof bytes === 'function') bytes(socket);
      else socket.end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A response with lines that may be anything. */
export function answerOf(lines: readonly string[], body: Uint8Array, lineEnd = '\r\n'): Buffer {
  return Buffer.concat([Buffer.from(`${lines.join(lineEnd)}${lineEnd}${lineEnd}`, 'latin1'), body]);
}
