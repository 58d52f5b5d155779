import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/**
 * Sends a request exactly as written; HTTP clients would normalize paths and headers. Resolves when the server closes
 * the connection, or after the head of an endless response.
 */
export function rawRequest(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Promise<RawAnswer> {
  const all = {
    Host: `127.0.0.1:${port}`,
    Connection: 'close',
    ...(body !== '' &&
      !('Transfer-Encoding' in headers) && { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const done = () => {
      const end = text.indexOf('\r\n\r\n');
      const head = end < 0 ? text : text.slice(0, end);
      socket.destroy();
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
        head,
        body: end < 0 ? '' : text.slice(end + 4),
      });
    };
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (/^HTTP\/1\.1 101|content-type: text\/event-stream[\s\S]*\r\n\r\n/i.test(text)) done();
    });
    socket.on('error', () => {}); // A connection that is closed while it sends has most likely received the response.
    socket.once('close', done);
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`, 'latin1');
  });
}
