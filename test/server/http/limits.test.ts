import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeWav } from '../../support/wav.ts';
import { rawRequest } from '../raw-request.ts';
import { missing, serveWith } from '../serve-process.ts';
import { Client, until } from '../support.ts';

/** Each analysis loads the model. */
const SLOW = { timeout: 600_000 };

describe.skipIf(missing !== '')('undertone serve', () => {
  test('limits bodies, with and without an announced length', SLOW, async () => {
    const { port, dataDir, server } = await serveWith({
      limits: { analyzeMegabytes: 1 },
      remote: { schemes: ['demo:'] },
    });
    const { paths } = JSON.parse((await rawRequest(port, 'GET', '/openapi.json')).body) as {
      paths: Record<string, Record<string, { requestBody?: unknown }>>;
    };
    const withBody = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { requestBody }]) => requestBody !== undefined)
        .map(([method]) => [method.toUpperCase(), path.replace(/\{\w+\}/g, 'x')] as const),
    );
    expect(withBody.length).toBeGreaterThan(5);
    for (const [method, path] of withBody) {
      const bytes = path === '/v1/analyze' ? 1024 * 1024 : 64 * 1024;
      const type = { 'Content-Type': path === '/v1/analyze' ? 'audio/wav' : 'application/json' };
      const tooBig = 'x'.repeat(bytes + 100_000);
      const refused = { method, path, status: 413, code: 'too-large' };
      const sent = await rawRequest(port, method, path, type, tooBig);
      expect({ method, path, status: sent.status, code: codeOf(sent.body) }).toEqual(refused);
      // Without a body: the length alone is rejected.
      const announced = await rawRequest(port, method, path, { ...type, 'Content-Length': '99999999999' });
      expect({ method, path, status: announced.status, code: codeOf(announced.body) }).toEqual(refused);
      const chunked = await rawRequest(
        port,
        method,
        path,
        {
          ...type,
          'Transfer-Encoding': 'chunked',
        },
        `${tooBig.length.toString(16)}\r\n${tooBig}\r\n0\r\n\r\n`,
      );
      expect({ method, path, status: chunked.status, code: codeOf(chunked.body) }).toEqual(refused);
    }
    // Ambiguous lengths, which allow request smuggling.
    for (const headers of [
      { 'Content-Length': '4', 'Transfer-Encoding': 'chunked' },
      { 'Content-Length': '4, 5' },
      { 'Content-Length': '-1' },
      { 'Content-Length': '1e3' },
      { 'Transfer-Encoding': 'gzip' },
    ])
      expect((await rawRequest(port, 'POST', '/v1/streams', headers)).status).toBe(400);
    const uploads = join(dataDir, 'uploads');
    await until(
      () => !existsSync(uploads) || readdirSync(uploads).length === 0,
      'the removal of the uploads',
    );
    expect(server.code()).toBeUndefined();
  });

  test('reports whether a file is too short or damaged', SLOW, async () => {
    const { url } = await serveWith({ streams: [] });
    const analyze = async (seconds: number) => {
      const samples = new Float32Array(Math.round(seconds * 44_100)).map((_, i) => Math.sin(i / 30) / 4);
      const body = new Uint8Array(encodeWav(samples, { sampleRateHz: 44_100, channels: 1, encoding: 's16' }));
      const answer = await fetch(`${url}v1/analyze`, { method: 'POST', body });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await analyze(0.4)).toMatchObject({
      status: 422,
      body: { code: 'too-short', detail: expect.stringMatching(/at least 0\.5 s of audio, one step\.$/) },
    });
    expect(await analyze(0.6)).toMatchObject({ status: 200 });
    expect(await analyze(0)).toMatchObject({ status: 422 });
  });

  test('decompresses uploads within the limit of their size', SLOW, async () => {
    const { url } = await serveWith({ streams: [], limits: { analyzeMegabytes: 1 } });
    const sine = new Float32Array(44_100).map((_, i) => Math.sin(i / 30) / 4);
    const wav = encodeWav(sine, { sampleRateHz: 44_100, channels: 1, encoding: 's16' });
    const analyze = async (encoding: string, body: Uint8Array<ArrayBuffer>) => {
      const headers = { 'content-encoding': encoding };
      const { status } = await fetch(`${url}v1/analyze`, { method: 'POST', headers, body });
      return status;
    };
    expect(await analyze('gzip', new Uint8Array(gzipSync(wav)))).toBe(200);
    expect(await analyze('br', new Uint8Array(brotliCompressSync(wav)))).toBe(200);
    expect(await analyze('gzip', new Uint8Array(wav))).toBe(400);
    expect(await analyze('zstd', new Uint8Array(wav))).toBe(415);
    // 8 MB of zeros in 8 kB.
    expect(await analyze('gzip', new Uint8Array(gzipSync(Buffer.alloc(8 * 2 ** 20))))).toBe(413);
  });

  test('applies the limits of its configuration', async () => {
    const { port, server } = await serveWith(
      {
        tokens: { required: true },
        limits: { requestsPerMinute: 60, requestsPerMinuteAndToken: 5, socketsPerAddress: 3, streams: 2 },
      },
      { UNDERTONE_TOKEN: 'sesame' },
    );
    const open = Array.from({ length: 3 }, () => new Client({ port }, '/v1/live?token=sesame'));
    for (const client of open) await client.received('hello');
    const fourth = new Client({ port }, '/v1/live?token=sesame');
    expect(JSON.parse((await fourth.refused).body)).toMatchObject({ status: 503, code: 'too-many-sockets' });
    const statuses: number[] = [];
    for (let i = 0; i < 70; i++) statuses.push((await rawRequest(port, 'GET', '/healthz')).status);
    expect(statuses.slice(0, 50).every((status) => status === 200)).toBe(true);
    const last = await rawRequest(port, 'GET', '/v1/streams?token=sesame');
    expect(last.status).toBe(429);
    expect(last.head).toMatch(/retry-after: \d+/i);
    expect(codeOf(last.body)).toBe('too-many-requests');
    // Open connections continue.
    const count = open[0]!.of('emotion').length;
    await open[0]!.received('emotion', count + 1);
    expect(server.code()).toBeUndefined();
  });

  test('loopback may open more sockets than another address', async () => {
    const { port, server } = await serveWith({ streams: [] });
    const open = Array.from({ length: 100 }, () => new Client({ port }, '/v1/live'));
    for (const client of open) await client.received('hello');
    expect(server.code()).toBeUndefined();
  });

  test('closes connections that never finish their headers', async () => {
    const { port } = await serveWith({ streams: [] });
    const slow = connect(port, '127.0.0.1');
    onTestFinished(() => void slow.destroy());
    let received = '';
    slow.on('data', (data) => (received += data));
    slow.on('error', () => {});
    slow.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    const drip = setInterval(() => slow.writable && slow.write('X-More: 1\r\n'), 500);
    onTestFinished(() => clearInterval(drip));
    await new Promise((resolve) => slow.once('close', resolve));
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
  });
});

const codeOf = (body: string): string | undefined => /"code":"([\w-]+)"/.exec(body)?.[1];
