import { connect, type Socket } from 'node:net';

/** A frame of RFC 6455, valid or not. */
export interface RawFrame {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly opcode: number;
  readonly masked?: boolean;
  readonly payload?: Buffer;
  /** Replaces the true length. */
  readonly length?: number | bigint;
  /** The mask of the payload, where it differs from the mask in the frame, which is zero. */
  readonly wrongMask?: number;
}

export function encodeFrame({
  fin = true,
  rsv = 0,
  opcode,
  masked = true,
  payload = Buffer.alloc(0),
  length,
  wrongMask = 0,
}: RawFrame): Buffer {
  const size = length ?? payload.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (size < 126 ? Number(size) : size < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(Number(size), 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
  // A mask of zeros leaves the payload unchanged.
  return Buffer.concat([
    head,
    masked ? Buffer.alloc(4) : Buffer.alloc(0),
    payload.map((byte) => byte ^ wrongMask),
  ]);
}

/** A WebSocket that sends raw frames, and records the received texts, pongs and close code. */
export class RawSocket {
  readonly socket: Socket;
  #buffer = Buffer.alloc(0);
  #open = false;
  readonly texts: string[] = [];
  readonly pongs: string[] = [];
  /** The head of the response to the upgrade. */
  head = '';
  closeCode: number | undefined;
  readonly ended: Promise<void>;
  readonly opened: Promise<void>;

  constructor(port: number, path: string, headers: Readonly<Record<string, string>> = {}) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('error', () => {});
    this.ended = new Promise((resolve) => this.socket.once('close', () => resolve()));
    this.opened = new Promise((resolve) => {
      this.socket.on('data', (data) => {
        this.#buffer = Buffer.concat([this.#buffer, data]);
        const end = this.#open ? -1 : this.#buffer.indexOf('\r\n\r\n');
        if (end >= 0) {
          this.#open = true;
          this.head = this.#buffer.subarray(0, end).toString('latin1');
          this.#buffer = this.#buffer.subarray(end + 4);
          resolve();
        }
        if (this.#open) this.#read();
      });
    });
    const all = {
      Host: `127.0.0.1:${port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  }

  send(...frames: readonly RawFrame[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(frames.map(encodeFrame)));
  }

  #read(): void {
    for (;;) {
      const size = this.#buffer[1];
      if (size === undefined) return;
      const at = size < 126 ? 2 : size === 126 ? 4 : 10;
      if (this.#buffer.length < at) return;
      const length =
        size < 126
          ? size
          : size === 126
            ? this.#buffer.readUInt16BE(2)
            : Number(this.#buffer.readBigUInt64BE(2));
      if (this.#buffer.length < at + length) return;
      const opcode = this.#buffer[0]! & 15;
      const payload = this.#buffer.subarray(at, at + length);
      if (opcode === 1) this.texts.push(payload.toString());
      if (opcode === 10) this.pongs.push(payload.toString());
      if (opcode === 8) this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      this.#buffer = this.#buffer.subarray(at + length);
    }
  }
}
