import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { RawSocket } from '../raw-socket.ts';
import { listening, missing, startWith } from '../serve-process.ts';
import { Client, sleep, tempFolder, until } from '../support.ts';

const REQUESTS = 5_000;
const MESSAGES = 5_000;
const MESSAGES_A_SOCKET = 20;
const AT_ONCE = 16;
/** Far more than a run needs, far less than a leak of every message would use. */
const GROWTH_BYTES = 256 * 1024 * 1024;

const word = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '..',
    '%2e%2e',
    '%00',
    '%',
    '%c0%af',
    '\\',
    '//',
    '*',
    '{}',
    'null',
    '__proto__',
    'constructor',
    '-1',
    '1e999',
    'NaN',
  ),
);
const path = fc.oneof(
  fc.array(word, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
  fc
    .tuple(
      fc.constantFrom(
        '/v1/streams',
        '/v1/streams/demo',
        '/v1/streams/demo/emotions',
        '/v1/streams/demo/alerts',
        '/v1/live',
        '/v1/sessions',
        '/v1/analyze',
        '/metrics',
        '/openapi.json',
        '/',
      ),
      fc.array(
        fc.tuple(
          fc.constantFrom(
            'from',
            'to',
            'limit',
            'resolution',
            'format',
            'since',
            'streams',
            'token',
            '__proto__',
          ),
          word,
        ),
        { maxLength: 4 },
      ),
    )
    .map(([base, query]) => `${base}?${query.map(([key, value]) => `${key}=${value}`).join('&')}`),
);
const body = fc.oneof(
  fc.json(),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.constantFrom(
    '',
    '{',
    '{"name":"a"}',
    '{"__proto__":{"x":1}}',
    `{"name":"${'a'.repeat(5_000)}"}`,
    '['.repeat(2_000),
  ),
);
const header = fc.tuple(
  fc.constantFrom(
    'Content-Type',
    'Content-Length',
    'Transfer-Encoding',
    'Authorization',
    'Origin',
    'Upgrade',
    'Expect',
    'Range',
    'X-Forwarded-For',
    'If-None-Match',
    'X',
  ),
  fc.oneof(
    word,
    fc.constantFrom(
      'application/json',
      'multipart/form-data; boundary=x',
      'chunked',
      '-1',
      '99999999999',
      'websocket',
      'h2c',
      '100-continue',
      'null',
      'bytes=0-',
    ),
  ),
);

/** Requests as bytes, from almost valid ones to random data. */
const request = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  },
  {
    weight: 9,
    arbitrary: fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'get', ''),
        path,
        fc.array(header, { maxLength: 4 }),
        body,
        fc.boolean(),
      )
      .map(([method, target, headers, text, length]) => {
        const lines = [
          `${method} ${target.replace(/[\r\n ]/g, '+')} HTTP/1.1`,
          'Host: 127.0.0.1',
          'Connection: close',
          ...headers.map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, ' ')}`),
          ...(length ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`] : []),
        ];
        return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`);
      }),
  },
);

const frame = fc.record({
  fin: fc.boolean(),
  rsv: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 7 }) },
  ),
  opcode: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 1, 2, 9) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 15 }) },
  ),
  masked: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        '{"type":"hello","format":"s16le","sampleRate":8000,"channels":1}',
        '{"type":"hello","format":"f32le","sampleRate":1e9,"channels":-1}',
        '{}',
        'hello',
        '',
      )
      .map((text) => Buffer.from(text)),
  ),
});

describe.skipIf(missing !== '')('10,000 malformed requests and messages', () => {
  test('do not affect the server, its streams and its log', { timeout: 300_000 }, async () => {
    const folder = tempFolder();
    const config = join(folder, 'undertone.json');
    const plenty = { requestsPerMinute: 10_000_000, socketsPerAddress: 1_000, connectionsPerAddress: 1_000 };
    writeFileSync(
      config,
      JSON.stringify({
        port: 0,
        dataDir: 'data',
        engine: 'wasm',
        streams: [{ name: 'demo', source: 'demo:' }],
        limits: plenty,
      }),
    );
    const server = startWith({}, '--config', config, '--log-level', 'warn');
    const address = await listening(server);
    const live = new Client(address, '/v1/live?streams=demo');
    await live.received('emotion', 2);
    const before = residentBytes(server.child.pid!);

    await inParallel(fc.sample(request, { numRuns: REQUESTS, seed: 1 }), (bytes) =>
      sendRequest(address.port, bytes),
    );
    const frames = fc.sample(frame, { numRuns: MESSAGES, seed: 2 });
    const groups = Array.from({ length: MESSAGES / MESSAGES_A_SOCKET }, (_, i) => i);
    await inParallel(groups, async (group) => {
      const raw = new RawSocket(
        address.port,
        group % 2 === 0 ? '/v1/live?streams=none' : `/v1/streams/fuzz-${group}/audio`,
      );
      await raw.opened;
      for (const one of frames.slice(group * MESSAGES_A_SOCKET, (group + 1) * MESSAGES_A_SOCKET))
        raw.send(one);
      await Promise.race([raw.ended, sleep(100)]);
      raw.socket.destroy();
    });

    expect(server.code()).toBeUndefined();
    const after = residentBytes(server.child.pid!);
    if (before > 0) expect(after - before).toBeLessThan(GROWTH_BYTES);
    const count = live.of('emotion').length;
    await live.received('emotion', count + 2);
    expect(live.seqs).toEqual(live.seqs.map((_, i) => live.seqs[0]! + i));
    expect(await (await fetch(`${address.url}healthz`)).json()).toMatchObject({
      status: 'ok',
      logDropped: 0,
    });
    const logged = (await (await fetch(`${address.url}v1/streams/demo/emotions`)).json()) as {
      frames: { seq: number }[];
    };
    expect(logged.frames.map(({ seq }) => seq)).toEqual(logged.frames.map((_, i) => i));
    // An internal error would be logged with its stack.
    expect(server.err).not.toMatch(/"level":(50|60)/);

    server.child.kill('SIGTERM');
    await until(() => server.code() !== undefined, 'the end');
    expect(server.code()).toBe(0);
    const db = new Database(join(folder, 'data', 'undertone.db'), { readonly: true });
    expect(db.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
    db.close();
  });
});

/** Processes several items at a time, so that many connections are open. */
async function inParallel<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < all.length) await work(all[next++]!);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Resolves when the server has closed the connection, or after half a second. */
function sendRequest(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    const timer = setTimeout(() => socket.destroy(), 500);
    socket.on('error', () => {});
    socket.resume();
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** 0 where the system does not report it. */
function residentBytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
