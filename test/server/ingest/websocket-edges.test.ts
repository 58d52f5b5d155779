import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RawFrame, RawSocket } from '../raw-socket.ts';
import { listening, missing, type ServeProcess, spawnServe } from '../serve-process.ts';
import { Client, sleep, until } from '../support.ts';

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const text = (payload: string): RawFrame => ({ opcode: TEXT, payload: Buffer.from(payload) });
const closing = (code: number, reason: string | Buffer = ''): RawFrame => {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code, 0);
  return { opcode: CLOSE, payload: Buffer.concat([head, Buffer.from(reason)]) };
};
const HELLO = '{"type":"hello","format":"s16le","sampleRate":8000,"channels":1}';

/** Invalid UTF-8. */
const NOT_UTF8: readonly [string, Buffer][] = [
  ['a surrogate', Buffer.from([0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xed, 0xa0, 0x80, 0x65])],
  ['a lone continuation byte', Buffer.from([0x61, 0x80])],
  ['a truncated character', Buffer.from([0x61, 0xe2, 0x82])],
  ['an overlong form', Buffer.from([0xc0, 0xaf])],
  ['beyond Unicode', Buffer.from([0xf4, 0x90, 0x80, 0x80])],
  ['0xFE', Buffer.from([0xfe])],
  ['0xFF', Buffer.from([0xff, 0xff])],
];
const BAD_CODES = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];
const GOOD_CODES = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];

/** 10 MB of zeros in about 10 kB, as permessage-deflate would send them. */
const BOMB = deflateRawSync(Buffer.alloc(10_000_000));

/** Violations of the protocol, with the close code of RFC 6455, 7.4.1. */
const VIOLATIONS: readonly (readonly [string, number, ...RawFrame[]])[] = [
  ['a frame without a mask', 1002, { opcode: TEXT, masked: false, payload: Buffer.from('x') }],
  ['an empty frame without a mask', 1002, { opcode: BINARY, masked: false }],
  ['a close without a mask', 1002, { ...closing(1000), masked: false }],
  ['text under a wrong mask', 1007, { ...text('hello'), wrongMask: 0xa5 }],
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((rsv) => [
    [`the reserved bits ${rsv} on text`, 1002, { ...text('x'), rsv }] as const,
    [`the reserved bits ${rsv} on a ping`, 1002, { opcode: PING, rsv }] as const,
    [`the reserved bits ${rsv} on a close`, 1002, { ...closing(1000), rsv }] as const,
  ]),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
    (opcode) => [`the reserved opcode ${opcode}`, 1002, { opcode }] as const,
  ),
  ...[PING, PONG, CLOSE].flatMap((opcode) => [
    [`a fragment of the control frame ${opcode}`, 1002, { opcode, fin: false }] as const,
    [`126 bytes in the control frame ${opcode}`, 1002, { opcode, payload: Buffer.alloc(126, 3) }] as const,
    [`2^63 bytes announced for the control frame ${opcode}`, 1002, { opcode, length: 2n ** 63n }] as const,
  ]),
  ['a close of one byte', 1002, { opcode: CLOSE, payload: Buffer.alloc(1) }],
  ...BAD_CODES.map((code) => [`the close code ${code}`, 1002, closing(code)] as const),
  ...NOT_UTF8.flatMap(([what, bytes]) => [
    [`text: ${what}`, 1007, { opcode: TEXT, payload: bytes }] as const,
    [`a reason to close: ${what}`, 1007, closing(1000, bytes)] as const,
    [
      `text in fragments: ${what}`,
      1007,
      { opcode: TEXT, fin: false, payload: bytes.subarray(0, 1) },
      { opcode: PING },
      { opcode: 0, payload: bytes.subarray(1) },
    ] as const,
  ]),
  ['a continuation of nothing', 1002, { opcode: 0, payload: Buffer.from('x') }],
  ['a continuation after the end', 1002, text(HELLO), { opcode: 0, fin: false }],
  ['a message within a message', 1002, { opcode: TEXT, fin: false, payload: Buffer.from('x') }, text('y')],
  [
    'a deflate bomb without negotiated compression',
    1002,
    { opcode: BINARY, rsv: 4, payload: BOMB.subarray(0, 60_000) },
  ],
  ['2^40 bytes announced', 1009, { opcode: BINARY, length: 2n ** 40n }],
  ['2^53 bytes announced', 1009, { opcode: BINARY, length: 2n ** 53n }],
  ['2^63 bytes announced', 1009, { opcode: BINARY, length: 2n ** 63n }],
  ['2^64 - 1 bytes announced', 1009, { opcode: BINARY, length: 2n ** 64n - 1n }],
  ['2^63 bytes announced in fragments', 1009, { opcode: BINARY, fin: false, length: 2n ** 63n }],
];

/** For hundreds of connections in sequence. */
const SLOW = { timeout: 600_000 };

describe.skipIf(missing !== '')('undertone serve', () => {
  let server: ServeProcess;
  let address: { port: number; url: string };
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'undertone-test-'));
    const options = ['--port', '0', '--data-dir', folder, '--engine', 'wasm', '--log-format', 'json'];
    server = spawnServe({}, '--source', 'demo:', ...options);
    address = await listening(server);
  });

  afterAll(() => {
    server.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function connected(path: string, headers: Readonly<Record<string, string>> = {}): Promise<RawSocket> {
    const raw = new RawSocket(address.port, path, headers);
    onTestFinished(() => void raw.socket.destroy());
    await raw.opened;
    return raw;
  }

  /** A client that watches, and must not be affected. */
  async function bystander() {
    const client = await new Client(address, '/v1/live').opened();
    await client.received('emotion');
    return {
      client,
      async isUnharmed() {
        const seqs = () =>
          client
            .of('emotion')
            .filter(({ stream }) => stream === 'demo')
            .map(({ seq }) => seq);
        const count = seqs().length;
        await until(() => seqs().length >= count + 2, 'more frames');
        expect(seqs()).toEqual(seqs().map((_, i) => seqs()[0] + i));
        expect(client.socket.readyState).toBe(client.socket.OPEN);
        expect(server.code()).toBeUndefined();
        expect(server.err).not.toMatch(/"level":(50|60)/);
      },
    };
  }

  test('closes a watcher with the right code for each violation', SLOW, async () => {
    const { isUnharmed } = await bystander();
    for (const [what, code, ...frames] of VIOLATIONS) {
      const raw = await connected('/v1/live?streams=none');
      raw.send(...frames);
      await raw.ended;
      expect({ what, code: raw.closeCode }).toEqual({ what, code });
    }
    await isUnharmed();
  });

  test('closes a sender with the right code for each violation, and ends its stream', SLOW, async () => {
    const { client, isUnharmed } = await bystander();
    const hasEnded = (name: string) => client.of('stream-stopped').some(({ stream }) => stream === name);
    for (const [i, [what, code, ...frames]] of VIOLATIONS.entries()) {
      const raw = await connected(`/v1/streams/edge-${i}/audio`);
      // These frames start with the hello themselves.
      if (frames[0]?.payload?.toString() !== HELLO) {
        raw.send(text(HELLO));
        await until(() => raw.texts.some((one) => one.includes('"ready"')), 'ready');
      }
      raw.send(...frames);
      await raw.ended;
      expect({ what, code: raw.closeCode }).toEqual({ what, code });
      await until(() => hasEnded(`edge-${i}`), `the end of edge-${i}`);
    }
    await isUnharmed();
  });

  test('echoes each valid close code, and an empty close', async () => {
    for (const code of GOOD_CODES) {
      const raw = await connected('/v1/live?streams=none');
      raw.send(closing(code, 'so long, 再见'));
      await raw.ended;
      expect(raw.closeCode).toBe(code);
    }
    const raw = await connected('/v1/live?streams=none');
    raw.send({ opcode: CLOSE });
    await raw.ended;
    expect(raw.closeCode).toBe(1005);
  });

  test('frames after a close are ignored', async () => {
    const raw = await connected('/v1/live?streams=none');
    raw.send(closing(1000), { opcode: PING, payload: Buffer.from('late') }, text('later'));
    await raw.ended;
    expect(raw.pongs).toEqual([]);
    expect(raw.closeCode).toBe(1000);
  });

  test('fragments with pings in between, empty fragments and split audio are valid', async () => {
    const live = await new Client(address, '/v1/live?streams=cut').opened();
    await live.received('hello');
    const raw = await connected('/v1/streams/cut/audio');
    const hello = Buffer.from(HELLO);
    raw.send(
      { opcode: TEXT, fin: false, payload: hello.subarray(0, 7) },
      { opcode: PING, payload: Buffer.from('still there?') },
      { opcode: 0, fin: false },
      { opcode: 0, payload: hello.subarray(7) },
    );
    await until(() => raw.texts.length > 0, 'ready');
    expect(raw.texts[0]).toContain('"ready"');
    expect(raw.pongs).toEqual(['still there?']);
    const audio = Buffer.alloc(16_000);
    raw.send(
      { opcode: BINARY, fin: false, payload: audio.subarray(0, 4_001) },
      { opcode: 0, fin: false, payload: audio.subarray(4_001, 8_003) },
      { opcode: PING },
      { opcode: PONG, payload: Buffer.from('unsolicited') },
      { opcode: 0, payload: audio.subarray(8_003) },
    );
    await live.received('emotion', 2);
    raw.send(closing(1000, 'bye'));
    await raw.ended;
    expect(raw.closeCode).toBe(1000);
  });

  test('a hello in fragments and packets of one byte is accepted', async () => {
    const raw = await connected('/v1/streams/drip/audio');
    raw.socket.setNoDelay(true);
    const bytes = [...Buffer.from(HELLO)];
    for (const [i, byte] of bytes.entries()) {
      const fin = i === bytes.length - 1;
      raw.send({ opcode: i === 0 ? TEXT : 0, fin, payload: Buffer.from([byte]) });
      await sleep(1);
    }
    await until(() => raw.texts.length > 0, 'ready');
    expect(raw.texts[0]).toContain('"ready"');
  });

  test('does not negotiate compression', async () => {
    const raw = await connected('/v1/live?streams=none', {
      'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
    });
    expect(raw.head).toMatch(/^HTTP\/1\.1 101/);
    expect(raw.head).not.toMatch(/sec-websocket-extensions/i);
  });

  test(
    'pings are answered in order; a client that floods with pings and does not read is disconnected',
    SLOW,
    async () => {
      const { isUnharmed } = await bystander();
      const raw = await connected('/v1/live?streams=none');
      const ping = (n: number) => ({ opcode: PING, payload: Buffer.from(String(n)) });
      const numbers = Array.from({ length: 1_000 }, (_, i) => i);
      for (let i = 0; i < 1_000; i += 20) {
        raw.send(...numbers.slice(i, i + 20).map(ping));
        await until(() => raw.pongs.length === i + 20, 'pongs');
      }
      expect(raw.pongs).toEqual(numbers.map(String));

      const before = residentBytes(server.child.pid!);
      for (const path of ['/v1/live?streams=none', '/v1/streams/flood/audio']) {
        const paused = await connected(path);
        paused.socket.pause();
        const pings = Array.from({ length: 1_000 }, () => ({ opcode: PING, payload: Buffer.alloc(125) }));
        let written = 0;
        while (!paused.socket.destroyed && written < 100) {
          paused.send(...pings); // 13 MB in all.
          written++;
          await sleep(10);
        }
        paused.socket.resume(); // Unread data would hide the close.
        await paused.ended;
      }
      expect(residentBytes(server.child.pid!) - before).toBeLessThan(64 * 1024 * 1024);
      await isUnharmed();
    },
  );

  test('an endless message of fragments is rejected', async () => {
    const raw = await connected('/v1/live?streams=none');
    raw.send({ opcode: TEXT, fin: false });
    const empty = Array.from({ length: 1_000 }, () => ({ opcode: 0, fin: false }));
    for (let i = 0; i < 20; i++) raw.send(...empty);
    await raw.ended;
    expect([1008, undefined]).toContain(raw.closeCode);
  });

  test('half a frame does not block other clients', async () => {
    const { isUnharmed } = await bystander();
    const halves = [Buffer.from([0x81]), Buffer.from([0x82, 0xfe, 0x10]), Buffer.from([0x81, 0x85, 0, 0])];
    for (const half of halves) (await connected('/v1/live?streams=none')).socket.write(half);
    await isUnharmed();
  });

  test.each([
    ['no key', { 'Sec-WebSocket-Key': '' }, 400],
    ['a key that is too short', { 'Sec-WebSocket-Key': 'c2hvcnQ=' }, 400],
    ['an old version', { 'Sec-WebSocket-Version': '7' }, 400],
    ['a future version', { 'Sec-WebSocket-Version': '14' }, 400],
    ['another site', { Origin: 'https://evil.example' }, 403],
    ['another name', { Host: 'evil.example' }, 421],
  ])('rejects an upgrade with %s', async (_what, headers, status) => {
    const raw = new RawSocket(address.port, '/v1/live', headers);
    await raw.ended;
    expect(raw.head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});

/** 0 where the system does not report it. */
function residentBytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
