import { describe, expect, test } from 'vitest';
import { type RawFrame, RawSocket } from './raw-socket.ts';
import { Client, startServer, until } from './support.ts';

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const text = (payload: string): RawFrame => ({ opcode: TEXT, payload: Buffer.from(payload) });
const closing = (code: number, reason = ''): RawFrame => {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return { opcode: CLOSE, payload };
};
const HELLO = '{"type":"hello","format":"s16le","sampleRate":8000,"channels":1}';
const invalidUtf8 = Buffer.from([0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xed, 0xa0, 0x80, 0x65]);

/** What the protocol forbids, and the code that it asks for (RFC 6455, 7.4.1). */
const FAULTS: readonly [string, number, ...RawFrame[]][] = [
  ['a frame without a mask', 1002, { opcode: TEXT, masked: false, payload: Buffer.from('x') }],
  ['a reserved bit', 1002, { opcode: TEXT, rsv: 4, payload: Buffer.from('x') }],
  ['all reserved bits', 1002, { opcode: BINARY, rsv: 7 }],
  ['a reserved opcode', 1002, { opcode: 3 }],
  ['a reserved control opcode', 1002, { opcode: 11 }],
  ['a ping in fragments', 1002, { opcode: PING, fin: false }],
  ['a ping of 126 bytes', 1002, { opcode: PING, payload: Buffer.alloc(126) }],
  ['a close of 126 bytes', 1002, { opcode: CLOSE, payload: Buffer.alloc(126, 3) }],
  ['a close of one byte', 1002, { opcode: CLOSE, payload: Buffer.alloc(1) }],
  ['the close code 999', 1002, closing(999)],
  ['the close code 1005', 1002, closing(1005)],
  ['the close code 1006', 1002, closing(1006)],
  ['the close code 1016', 1002, closing(1016)],
  ['the close code 2999', 1002, closing(2999)],
  [
    'a close reason that is not UTF-8',
    1007,
    { opcode: CLOSE, payload: Buffer.concat([Buffer.from([3, 232]), invalidUtf8]) },
  ],
  ['text that is not UTF-8', 1007, { opcode: TEXT, payload: invalidUtf8 }],
  [
    'text that is not UTF-8, in fragments',
    1007,
    { opcode: TEXT, fin: false, payload: invalidUtf8.subarray(0, 5) },
    { opcode: 0, payload: invalidUtf8.subarray(5) },
  ],
  ['a continuation of nothing', 1002, { opcode: 0, payload: Buffer.from('x') }],
  ['a message within a message', 1002, { opcode: TEXT, fin: false, payload: Buffer.from('x') }, text('y')],
  ['a message that is announced as huge', 1009, { opcode: BINARY, length: 2 ** 40 }],
  ['a length beyond all numbers', 1009, { opcode: BINARY, length: Number.MAX_SAFE_INTEGER + 1 }],
];

describe.each([
  ['/v1/live', false],
  ['/v1/streams/edge/audio', true],
] as const)('%s', (path, ingests) => {
  test('closes for each fault of the protocol with the code for it, and harms nobody else', async () => {
    const server = await startServer();
    const other = new Client(server, '/v1/live');
    await other.heard('hello');
    for (const [what, code, ...frames] of FAULTS) {
      const raw = new RawSocket(server.port, path);
      await raw.opened;
      if (ingests) {
        raw.send(text(HELLO));
        await until(() => raw.texts.some((one) => one.includes('"ready"')), 'ready');
      }
      raw.send(...frames);
      await raw.ended;
      expect({ what, code: raw.closeCode }).toEqual({ what, code });
      if (ingests) await until(() => !server.hub.isRunning('edge'), 'the end of the stream');
    }
    expect(other.socket.readyState).toBe(other.socket.OPEN);
    expect((await fetch(`${server.url}healthz`)).status).toBe(200);
  });
});

describe('what the protocol allows is no fault', () => {
  test('fragments with a ping between, empty fragments, audio cut anywhere', async () => {
    const server = await startServer();
    const raw = new RawSocket(server.port, '/v1/streams/cut/audio');
    await raw.opened;
    const hello = Buffer.from(HELLO);
    raw.send(
      { opcode: TEXT, fin: false, payload: hello.subarray(0, 7) },
      { opcode: PING, payload: Buffer.from('still there?') },
      { opcode: 0, fin: false },
      { opcode: 0, payload: hello.subarray(7) },
    );
    await until(() => raw.texts.length > 0, 'ready');
    expect(raw.texts[0]).toContain('"ready"');
    const audio = Buffer.alloc(16_000);
    raw.send(
      { opcode: BINARY, fin: false, payload: audio.subarray(0, 4_001) },
      { opcode: 0, fin: false, payload: audio.subarray(4_001, 8_003) },
      { opcode: PING },
      { opcode: 0, payload: audio.subarray(8_003) },
    );
    await until(() => server.hub.get('cut')?.last?.seq === 1, 'two frames');
    raw.send(closing(1000, 'bye'));
    await raw.ended;
    expect(raw.closeCode).toBe(1000);
  });

  test('close codes 1000 to 1003, 1007 to 1014, 3000 and 4999 are answered alike', async () => {
    const server = await startServer();
    for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999]) {
      const raw = new RawSocket(server.port, '/v1/live');
      await raw.opened;
      raw.send(closing(code));
      await raw.ended;
      expect(raw.closeCode).toBe(code);
    }
  });
});
