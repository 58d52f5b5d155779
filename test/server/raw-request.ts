import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/**
 * A request exactly as it is written: clients of HTTP mend paths and headers before anyone can be tricked.
 * Resolves when the server hangs up, or at the head of an answer that has no end.
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
    socket.on('error', () => {}); // Whoever is cut while still sending has most likely been answered.
    socket.once('close', done);
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`, 'latin1');
  });
}
