import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { from } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { csvHeader } from '../../../src/csv.ts';
import {
  Client,
  fakeAnalyzer,
  frameOf,
  manualSource,
  sleep,
  startServer,
  tempFolder,
  until,
} from '../support.ts';

describe('/v1/streams', () => {
  test('lists streams, returns one, and rejects unknown names', async () => {
    const a = manualSource('http://me:secret@radio.example/live');
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    await a.steps(2);
    const list = await get(server, '/v1/streams');
    expect(list.body.streams).toMatchObject([
      { stream: 'a', source: 'http://radio.example/live', state: 'running', last: { seq: 1 } },
    ]);
    expect((await get(server, '/v1/streams/a')).body).toEqual(list.body.streams[0]);
    for (const path of [
      '/v1/streams/b',
      '/v1/streams/b/emotions',
      '/v1/streams/..%2f..',
      '/v1/streams/%00',
    ]) {
      expect(await get(server, path)).toMatchObject({
        status: 404,
        type: 'application/problem+json',
        body: { code: 'unknown-stream', detail: expect.stringContaining('choose one that is listed') },
      });
    }
  });

  test('a stream that is only in the log is returned', async () => {
    const dataDir = tempFolder();
    const a = manualSource();
    const before = await startServer({ dataDir, sources: [{ name: 'a', source: a.source }] });
    await a.steps(3);
    await before.close();
    const after = await startServer({ dataDir });
    expect((await get(after, '/v1/streams')).body.streams).toEqual([]);
    expect((await get(after, '/v1/streams/a')).body).toMatchObject({ state: 'stopped', last: { seq: 2 } });
    expect((await get(after, '/v1/streams/a/emotions')).body.frames).toHaveLength(3);
  });
});

describe('/v1/streams/:name/emotions', () => {
  test('gives the frames as they were emitted, as JSON and as CSV', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    const live = new Client(server, '/v1/live');
    await live.received('hello');
    await a.steps(1200);
    await live.received('emotion', 1200);
    const { body } = await get(server, '/v1/streams/a/emotions');
    expect(body).toMatchObject({ stream: 'a', resolution: 'step', truncated: false });
    expect(body.frames).toEqual(live.of('emotion'));

    const csv = await fetch(`${server.url}v1/streams/a/emotions?format=csv`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = (await csv.text()).trimEnd().split('\n');
    expect(lines[0]).toBe(csvHeader());
    expect(lines).toHaveLength(1201);
  });

  test('from, to, limit and resolution', async () => {
    const server = await startServer({
      startTracker: (_source, stream) => ({
        messages$: from(
          Array.from({ length: 240 }, (_, i) =>
            frameOf(stream, i, Date.parse('2026-11-20T20:00:00Z') + i * 500),
          ),
        ),
      }),
      sources: [{ name: 'a', source: manualSource().source }],
    });
    await until(() => server.hub.get('a')?.last?.seq === 239);
    const query = async (text: string) => (await get(server, `/v1/streams/a/emotions?${text}`)).body;
    const seqs = async (text: string) =>
      (await query(text)).frames.map((frame: { seq: number }) => frame.seq);

    expect(await seqs('from=2026-11-20T20:00:10Z&to=2026-11-20T20:00:11Z')).toEqual([20, 21]);
    const seconds = Date.parse('2026-11-20T20:00:11Z') / 1000;
    expect(await seqs(`from=2026-11-20T20:00:10&to=${seconds}`)).toEqual([20, 21]);
    expect(await seqs('from=0&limit=3')).toEqual([0, 1, 2]);
    expect((await query('from=0&limit=3')).truncated).toBe(true);
    expect(await seqs('from=2000-01-01&to=2000-01-02')).toEqual([]);

    const minutes = await query('from=0&resolution=1m');
    expect(
      minutes.frames.map((bucket: { time: string; frames: number }) => [bucket.time, bucket.frames]),
    ).toEqual([
      ['2026-11-20T20:00:00.000Z', 120],
      ['2026-11-20T20:01:00.000Z', 120],
    ]);
    expect((await query('from=0&resolution=1s')).frames).toHaveLength(120);
    const csv = await (
      await fetch(`${server.url}v1/streams/a/emotions?from=0&resolution=1d&format=csv`)
    ).text();
    expect(csv.split('\n')[0]).toMatch(/^time,frames,valence,/);
    expect(csv.split('\n')[1]).toMatch(/^2026-11-20T00:00:00.000Z,240,/);
  });

  test.each([
    ['from=yesterday', 'from: expected an ISO 8601 time'],
    ['to=1e400', 'to: expected an ISO 8601 time'],
    ['from=2026-13-45', 'from: expected an ISO 8601 time'],
    ['from=2026-02-30', 'from: expected an ISO 8601 time'],
    ['to=2025-02-29T10:00:00%2B02:00', 'to: expected an ISO 8601 time'],
    ['from=20&to=10', '"from" is later than "to"'],
    ['resolution=5m', 'resolution: expected one of step, 1s'],
    ['format=xml', 'format: expected json or csv'],
    ['limit=0', 'limit: expected at least 1'],
    ['limit=many', 'limit: expected a number'],
  ])('%s is rejected with a sentence', async (query, sentence) => {
    const server = await startServer({ sources: [{ name: 'a', source: manualSource().source }] });
    expect(await get(server, `/v1/streams/a/emotions?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'bad-request', detail: expect.stringContaining(sentence) },
    });
  });

  test('any query gets frames or an error', async () => {
    const server = await startServer({ sources: [{ name: 'a', source: manualSource().source }] });
    const part = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('from', 'to', 'limit', 'resolution', 'format'), part),
        async (query) => {
          const response = await fetch(`${server.url}v1/streams/a/emotions?${new URLSearchParams(query)}`);
          expect([200, 400]).toContain(response.status);
          await response.text();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('POST /v1/analyze', () => {
  const song = new Uint8Array([1, 2, 3, 4]);

  test('accepts a file as the body or in a form; returns JSON or NDJSON', async () => {
    const dataDir = tempFolder();
    const server = await startServer({ dataDir });
    const frames = [0, 1, 2].map((seq) => ({ ...frameOf('analyze', seq), time: expect.any(String) }));
    const raw = await fetch(`${server.url}v1/analyze`, { method: 'POST', body: song });
    expect(await raw.json()).toEqual({ frames });
    const form = new FormData();
    form.append('comment', 'a field before the file');
    form.append('file', new Blob([song]), 'song.ogg');
    const posted = await fetch(`${server.url}v1/analyze?format=ndjson`, { method: 'POST', body: form });
    expect(posted.headers.get('content-type')).toBe('application/x-ndjson');
    expect(
      (await posted.text())
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(frames);
    await until(() => readdirSync(join(dataDir, 'uploads')).length === 0, 'the removal of the uploads');
  });

  test.each(['Dvořák – 1.ogg', '日本語.mp3', 'Can’t Stop.mp3'])(
    'accepts the file name %s in a form',
    async (name) => {
      const server = await startServer();
      const form = new FormData();
      form.append('comment', 'x'.repeat(70_000));
      form.append('file', new File([song], name, { type: 'audio/ogg' }));
      const response = await fetch(`${server.url}v1/analyze`, { method: 'POST', body: form });
      const { frames } = (await response.json()) as { frames: unknown[] };
      expect({ status: response.status, frames: frames.length }).toEqual({ status: 200, frames: 3 });
    },
  );

  test('reads the file of a form completely, however the body is split', async () => {
    const { firstFile } = await import('../../../src/server/analyze/multipart-file.ts');
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('', '\r\n', '\r\n--b', '\r\n--', '--bound'),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (random, tricky, sizes) => {
          const content = Buffer.concat([random, Buffer.from(tricky), random]);
          // RFC 2046: no line of a part begins with the boundary.
          fc.pre(!Buffer.concat([Buffer.from('\r\n'), content]).includes('\r\n--bound'));
          const head =
            '--bound\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n--bound\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n';
          const body = Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--bound--\r\n')]);
          async function* pieces() {
            for (let at = 0, i = 0; at < body.length; at += sizes[i++ % sizes.length]!)
              yield body.subarray(at, at + sizes[i % sizes.length]!);
          }
          const got: Uint8Array[] = [];
          for await (const piece of firstFile(pieces(), 'multipart/form-data; boundary=bound'))
            got.push(Buffer.from(piece));
          expect(Buffer.concat(got).equals(content)).toBe(true);
        },
      ),
    );
  });

  test.each([
    ['not audio', 'noise', {}, 422, 'not-audio'],
    ['empty', '', {}, 422, 'empty'],
    ['too large', 'x'.repeat(3000), {}, 413, 'too-large'],
    [
      'a form without a file',
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n',
      { 'content-type': 'multipart/form-data; boundary=b' },
      422,
      'no-file',
    ],
    [
      'an incomplete form',
      '--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n1',
      { 'content-type': 'multipart/form-data; boundary=b' },
      400,
      'bad-form',
    ],
  ])('%s is rejected with a sentence', async (_what, body, headers, status, code) => {
    const server = await startServer({ limits: { analyzeBytes: 2000 } });
    const response = await fetch(`${server.url}v1/analyze`, { method: 'POST', body, headers });
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status,
      body: { code },
    });
    expect((await get(server, '/v1/analyze')).status).toBe(405);
  });

  test('a file that is shorter than a step is rejected', async () => {
    const server = await startServer({ analyzer: async function* () {} });
    const response = await fetch(`${server.url}v1/analyze`, { method: 'POST', body: song });
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 422,
      body: { code: 'too-short', detail: expect.stringContaining('at least 0.5 s of audio') },
    });
  });

  test('an error after the first frames is appended to the response', async () => {
    const { UserError } = await import('../../../src/user-error.ts');
    const server = await startServer({
      analyzer: async function* () {
        yield [frameOf('analyze', 0)];
        throw new UserError('truncated', 'The file is incomplete.');
      },
    });
    const json = await fetch(`${server.url}v1/analyze`, { method: 'POST', body: song });
    expect(await json.json()).toMatchObject({ frames: [{ seq: 0 }], error: { code: 'truncated' } });
    const lines = await fetch(`${server.url}v1/analyze?format=ndjson`, { method: 'POST', body: song });
    expect((await lines.text()).trimEnd().split('\n')).toHaveLength(2);
  });

  test('limits concurrent analyses, and aborts one whose client disconnects', async () => {
    let running = 0;
    const server = await startServer({
      limits: { analyses: 1 },
      analyzer: async function* (path, signal) {
        running++;
        try {
          yield [frameOf('analyze', 0)];
          while (!signal.aborted) await sleep(5);
        } finally {
          running--;
        }
        yield* fakeAnalyzer(path, signal);
      },
    });
    const abort = new AbortController();
    const first = fetch(`${server.url}v1/analyze`, { method: 'POST', body: song, signal: abort.signal }).then(
      (r) => r.text(),
    );
    first.catch(() => {});
    await until(() => running === 1, 'the first analysis');
    const second = await fetch(`${server.url}v1/analyze`, { method: 'POST', body: song });
    expect({ status: second.status, retry: second.headers.get('retry-after') }).toEqual({
      status: 503,
      retry: '5',
    });
    abort.abort();
    await until(() => running === 0, 'the end of the first analysis');
    const third = new AbortController();
    const again = () =>
      fetch(`${server.url}v1/analyze`, { method: 'POST', body: song, signal: third.signal });
    // The analysis counts until its upload is removed, a moment later.
    let { status } = await again();
    for (let attempt = 0; status === 503 && attempt < 50; attempt++) {
      await sleep(20);
      ({ status } = await again());
    }
    expect(status).toBe(200);
    third.abort();
  });
});

describe('access', () => {
  test.each([
    ['no Origin', {}, true],
    ['the same host', { origin: 'http://127.0.0.1:PORT' }, true],
    ['localhost on the same port', { origin: 'http://localhost:PORT' }, true],
    ['localhost on another port', { origin: 'http://localhost:1' }, false],
    ['another site', { origin: 'https://evil.example' }, false],
    ['another site on our port', { origin: 'http://evil.example:PORT' }, false],
    ['a sandboxed page', { origin: 'null' }, false],
    ['an extension', { origin: 'chrome-extension://abc' }, false],
  ])('a socket from %s: %s', async (_what, headers, allowed) => {
    const server = await startServer();
    const filled = Object.fromEntries(
      Object.entries(headers).map(([k, v]) => [k, String(v).replace('PORT', String(server.port))]),
    );
    const client = new Client(server, '/v1/live', filled);
    if (allowed) await client.received('hello');
    else expect((await client.refused).status).toBe(403);
    const post = await fetch(`${server.url}v1/analyze`, { method: 'POST', body: 'song', headers: filled });
    expect(post.status).toBe(allowed ? 200 : 403);
  });

  test('a host name that points at this computer is rejected', async () => {
    const server = await startServer();
    const answer = await raw(server, { headers: { host: 'rebound.example' } });
    expect(answer).toMatchObject({ status: 421, body: expect.stringContaining('address it as localhost') });
    expect((await raw(server, { headers: { host: `localhost:${server.port}` } })).status).toBe(200);
    expect((await raw(server, { headers: { host: '[::1]:1' } })).status).toBe(200);
    const client = new Client(server, '/v1/live', { host: 'rebound.example' });
    expect((await client.refused).status).toBe(421);
  });

  test('a token is needed for the API, where one is set, but not for the dashboard', async () => {
    const server = await startServer({ token: 'sesame' });
    expect((await get(server, '/v1/streams')).body).toMatchObject({ code: 'no-token' });
    expect((await get(server, '/v1/streams?token=wrong')).status).toBe(401);
    expect((await get(server, '/v1/streams?token=sesame')).status).toBe(200);
    expect(
      (await fetch(`${server.url}v1/streams`, { headers: { authorization: 'Bearer sesame' } })).status,
    ).toBe(200);
    expect((await get(server, '/healthz')).status).toBe(200);
    expect((await new Client(server, '/v1/live').refused).status).toBe(401);
    await new Client(server, '/v1/live?token=sesame').received('hello');
  });

  test('without a token it listens on this computer only', async () => {
    await expect(startServer({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'usage' });
    const server = await startServer({ host: '0.0.0.0', token: 'sesame' });
    expect((await get(server, '/v1/streams?token=sesame')).status).toBe(200);
  });

  test('offers of other protocols are ignored and answered', async () => {
    const server = await startServer();
    const headers = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQAAP__',
    };
    expect((await raw(server, { headers, path: '/healthz' })).status).toBe(200);
    expect((await raw(server, { headers, path: '/v1/analyze', method: 'POST' })).status).toBe(400);
    expect((await get(server, '/v1/live')).body).toMatchObject({ code: 'websocket' });
  });

  test('bytes that are not HTTP affect no other client', async () => {
    const server = await startServer();
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write('\x16\x03\x01\x02\x00\x01\x00garbage\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await get(server, '/healthz')).body).toMatchObject({ status: 'ok' });
  });
});

describe('the dashboard', () => {
  test('is served with strict headers; paths cannot leave its folder', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'dashboard', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.txt'), 'hidden words');
    writeFileSync(join(folder, 'dashboard', 'index.html'), '<h1>dashboard</h1>');
    writeFileSync(join(folder, 'dashboard', 'assets', 'index-abc123.js'), 'let x');
    const server = await startServer({ dashboardFolder: join(folder, 'dashboard') });
    const page = await fetch(server.url);
    expect(await page.text()).toBe('<h1>dashboard</h1>');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = await fetch(`${server.url}assets/index-abc123.js`);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-type')).toContain('javascript');
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%5c..%5csecret.txt',
      '//secret.txt',
      '/%00',
    ]) {
      const answer = await raw(server, { path });
      expect(answer.body).not.toContain('hidden words');
      expect([400, 404]).toContain(answer.status);
    }
  });

  test('explains how to build it where it is not built', async () => {
    const server = await startServer({ dashboardFolder: tempFolder() });
    const page = await fetch(server.url);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('npm run build');
  });
});

describe('shutdown', () => {
  test('closes the clients, flushes the log, and is quick', async () => {
    const dataDir = tempFolder();
    const [a, stuck] = [
      manualSource(),
      {
        uri: 'stuck:',
        open: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }),
      },
    ];
    const server = await startServer({
      dataDir,
      sources: [
        { name: 'a', source: a.source },
        { name: 'stuck', source: stuck },
      ],
    });
    const client = new Client(server, '/v1/live');
    const paused = new Client(server, '/v1/live');
    await client.received('hello');
    await paused.received('hello');
    paused.socket.pause();
    await a.steps(3);
    await server.close(); // Does not wait for the paused one for ever.
    expect(await client.closed).toMatchObject({ code: 1001 });
    expect(client.of('stream-stopped')).toMatchObject([{ stream: 'a' }]);
    await expect(fetch(server.url)).rejects.toThrow();
    const again = await startServer({ dataDir });
    expect((await get(again, '/v1/streams/a/emotions')).body.frames).toHaveLength(3);
  });

  test('a port in use is reported in one sentence, and releases the data directory', async () => {
    const first = await startServer();
    const dataDir = tempFolder();
    await expect(startServer({ dataDir, port: first.port })).rejects.toMatchObject({
      name: 'UserError',
      code: 'port-in-use',
      message: expect.stringContaining(`Port ${first.port} is in use`),
    });
    await startServer({ dataDir });
  });
});

// biome-ignore lint/suspicious/noExplicitAny: tests read responses of any shape
type Json = any;

async function get(server: { url: string; port: number }, path: string) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  const type = response.headers.get('content-type');
  return { status: response.status, type, body: (await response.json()) as Json };
}

/** Sends a request unchanged, where fetch would normalize it. */
function raw(
  server: { port: number },
  options: { path?: string; method?: string; headers?: Record<string, string> },
) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path: '/healthz', ...options }, (response) => {
      let body = '';
      response.on('data', (data) => (body += data));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}
