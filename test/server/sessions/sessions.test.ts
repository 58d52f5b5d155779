import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LIMITS } from '../../../src/server/limits.ts';
import { newCode } from '../../../src/sessions/session-code.ts';
import { endRun, openLog, writeRun } from '../../log/open-log.ts';
import { Client, frameOf, manualSource, tempFolder, until } from '../support.ts';
import { booth, type Json } from './session-api.ts';

/** A data directory whose log has one frame of each stream. */
function loggedAt(ms: number, ...streams: string[]): string {
  const dataDir = tempFolder();
  const log = openLog({ dataDir });
  for (const stream of streams) {
    const frame = frameOf(stream, 0, ms);
    endRun(log, writeRun(log, [frame]), frame);
  }
  log.close();
  return dataDir;
}

describe('sessions', () => {
  test('codes match their pattern and rarely repeat', () => {
    const codes = Array.from({ length: 500 }, newCode);
    for (const code of codes) expect(code).toMatch(/^[a-z]{2,12}-[a-z]{2,12}-\d{2,4}$/);
    expect(new Set(codes).size).toBeGreaterThan(480);
  });

  test('start, rename, tag, write notes, stop; a session gets a code and needs no name', async () => {
    const { api, booth: a } = await booth();
    await a.steps(1);
    const started = await api('POST', '/v1/sessions', { stream: 'booth' });
    expect(started).toMatchObject({
      status: 201,
      body: { stream: 'booth', title: null, tags: [], notes: '', state: 'open', stoppedAt: null, markers: 0 },
    });
    const { id } = started.body;
    expect(id).toMatch(/^[a-z]{2,12}-[a-z]{2,12}-\d{2,4}$/);
    expect(started.headers.get('location')).toBe(`/v1/sessions/${id}`);
    const path = `/v1/sessions/${id}`;
    const change = { title: 'Evening', tags: ['group', 'group', 'first'], notes: 'Two lines\nof notes.' };
    expect((await api('PATCH', path, change)).body).toMatchObject({ ...change, tags: ['group', 'first'] });
    expect((await api('PATCH', path, { title: null })).body).toMatchObject({
      title: null,
      notes: change.notes,
    });
    const stopped = await api('POST', `${path}/stop`);
    expect(stopped.body).toMatchObject({ state: 'stopped', stoppedAt: expect.any(String) });
    const again = await api('POST', `${path}/stop`);
    expect(again.body).toEqual(stopped.body);
    expect((await api('GET', path)).body).toEqual(stopped.body);
  });

  test('lists by page, stream, tag, state and time', async () => {
    const day = (n: number) => Date.UTC(2026, 0, n) / 1000;
    const { api, server } = await booth({ dataDir: loggedAt(day(1) * 1000, 'booth', 'room') });
    server.hub.add('room', manualSource().source);
    for (let n = 1; n <= 7; n++)
      await api('POST', '/v1/sessions', {
        stream: n % 2 ? 'booth' : 'room',
        title: `day ${n}`,
        tags: n > 5 ? ['late hour'] : [], // No code of a session has a space.
        startedAt: day(n),
        ...(n !== 7 && { stoppedAt: day(n) + 3600 }),
      });
    const titles = async (query: string) =>
      (await api('GET', `/v1/sessions?${query}`)).body.sessions.map((s: Json) => s.title.slice(4)).join('');
    expect(await titles('')).toBe('7654321');
    expect(await titles('stream=room')).toBe('642');
    expect(await titles('tag=late%20hour')).toBe('76');
    expect(await titles('state=open')).toBe('7');
    expect(await titles('q=DAY')).toBe('7654321');
    expect(await titles('q=late%20h')).toBe('76');
    expect(await titles(`q=${encodeURIComponent('y 3')}`)).toBe('3');
    expect(await titles('q=%25')).toBe('');
    expect(await titles('from=2026-01-05T00:30:00Z&to=2026-01-07')).toBe('65');
    const pages: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { body }: Json = await api('GET', `/v1/sessions?limit=3&cursor=${next}`.replace(/&cursor=$/, ''));
      pages.push(body.sessions.map((s: Json) => s.title.slice(4)).join(''));
      next = body.next;
    }
    expect(pages).toEqual(['765', '432', '1']);
  });

  test('a marker is set now or at a time, in stream time and wall-clock time', async () => {
    const { api, booth: a, server } = await booth();
    await a.steps(4);
    const { body: session } = await api('POST', '/v1/sessions', {
      stream: 'booth',
      startedAt: Date.now() / 1000 - 2,
    });
    await a.steps(2);
    const path = `/v1/sessions/${session.id}/markers`;
    const now = await api('POST', path);
    expect(now).toMatchObject({ status: 201, body: { note: '', run: server.hub.get('booth')!.run } });
    expect(now.body.t).toBeGreaterThanOrEqual(3);
    expect(now.body.t).toBeLessThan(4.5);
    const earlier = await api('POST', path, { time: session.startedAt, note: 'before' });
    expect(earlier.body).toMatchObject({ at: 0, note: 'before' });
    const changed = await api('PATCH', `${path}/${now.body.id}`, { note: 'drums' });
    expect(changed.body).toEqual({ ...now.body, note: 'drums' });
    expect((await api('GET', path)).body.markers.map((m: Json) => m.note)).toEqual(['before', 'drums']);
    expect((await api('GET', `/v1/sessions/${session.id}`)).body.markers).toBe(2);
    expect((await api('DELETE', `${path}/${earlier.body.id}`)).status).toBe(204);
    expect((await api('DELETE', `${path}/${earlier.body.id}`)).status).toBe(404);
    const outside = await api('POST', path, { time: '2020-01-01' });
    expect(outside).toMatchObject({ status: 400, body: { errors: [{ path: 'time' }] } });
  });

  test('returns the frames of its time span, as the stream does', async () => {
    const { api, booth: a } = await booth();
    await a.steps(3);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { body: session } = await api('POST', '/v1/sessions', { stream: 'booth' });
    await a.steps(5);
    await api('POST', `/v1/sessions/${session.id}/stop`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await a.steps(3);
    const path = `/v1/sessions/${session.id}/emotions`;
    const { body } = await api('GET', path);
    expect(body.frames.map((f: Json) => f.seq)).toEqual([3, 4, 5, 6, 7]);
    expect(body.frames[0].forecast).toHaveLength(5);
    expect((await api('GET', `${path}?forecast=no`)).body.frames[0].forecast).toEqual([]);
    const buckets = (await api('GET', `${path}?resolution=1m`)).body.frames;
    expect(buckets.reduce((sum: number, b: Json) => sum + b.frames, 0)).toBe(5);
    expect((await api('GET', `/v1/sessions/${session.id}/tracks`)).body).toEqual({ tracks: [] });
    const csv: string = (await api('GET', `${path}?format=csv&forecast=no`)).body;
    expect(csv.split('\n')[0]).toMatch(/,latencyMs$/);
    expect(csv.trimEnd().split('\n')).toHaveLength(6);
  });

  test('continues over a new run of its stream and a restart of the server', async () => {
    const dataDir = tempFolder();
    const first = await booth({ dataDir });
    await first.booth.steps(2);
    const { body: session } = await first.api('POST', '/v1/sessions', { stream: 'booth' });
    await first.booth.steps(2);
    await first.booth.end();
    await until(() => first.server.hub.get('booth')?.state === 'stopped');
    const again = manualSource();
    first.server.hub.add('booth', again.source);
    await again.steps(2);
    await first.server.close();
    const second = await booth({ dataDir });
    await second.booth.steps(2);
    expect((await second.api('GET', `/v1/sessions/${session.id}`)).body.state).toBe('open');
    await second.api('POST', `/v1/sessions/${session.id}/stop`);
    const { body } = await second.api('GET', `/v1/sessions/${session.id}/emotions`);
    expect(body.frames.map((f: Json) => f.seq)).toEqual([2, 3, 0, 1, 0, 1]);
  });

  test('notifies only the clients that watch the stream', async () => {
    const { api, server } = await booth();
    server.hub.add('room', manualSource().source);
    const [all, other] = [new Client(server, '/v1/live'), new Client(server, '/v1/live?streams=room')];
    await all.received('hello');
    await other.received('hello');
    const { body: session } = await api('POST', '/v1/sessions', { stream: 'booth' });
    await api('POST', `/v1/sessions/${session.id}/markers`, { note: 'secret words' });
    await api('POST', `/v1/sessions/${session.id}/stop`);
    await api('DELETE', `/v1/sessions/${session.id}`);
    await all.received('session', 4);
    expect(all.of('session').map((m) => m.change)).toEqual(['started', 'changed', 'stopped', 'erased']);
    expect(JSON.stringify(all.of('session'))).not.toContain('secret words');
    expect(other.of('session')).toEqual([]);
  });
});

describe('the report', () => {
  test('is a page with its own CSP, or text, or 501 for a PDF without a browser', async () => {
    const { api, booth: a, server } = await booth();
    const { body: session } = await api('POST', '/v1/sessions', { stream: 'booth', title: 'Evening' });
    await a.steps(5);
    const path = `/v1/sessions/${session.id}/report`;
    const page = await api('GET', path);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.body).toContain('<h1>Evening</h1>');
    const text = await api('GET', `${path}?format=text&zone=Asia/Tokyo`);
    expect(text.body).toMatch(/^Session [a-z-]+\d+ \(Evening\), stream booth\n.*\(Asia\/Tokyo\)/);
    expect(text.body).toContain('model fake');
    expect(await api('GET', `${path}?zone=Mars/Crater`)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'zone' }] },
    });
    vi.stubEnv('PATH', '/nowhere');
    vi.stubEnv('CHROME_PATH', '');
    onTestFinished(() => void vi.unstubAllEnvs());
    const pdf = await fetch(`${server.url}${path.slice(1)}?format=pdf`);
    expect({ status: pdf.status, body: await pdf.json() }).toMatchObject({
      status: 501,
      body: { code: 'no-browser', detail: expect.stringContaining('print the HTML report') },
    });
    expect(pdf.headers.get('content-disposition')).toBeNull();
  });
});

describe('erasing', () => {
  const SECRET = 'Zebra-Crossing-Lullaby';
  const bytesHave = (dataDir: string, text: string) =>
    readdirSync(dataDir).filter((file) => readFileSync(join(dataDir, file)).includes(text));

  test('leaves no byte of a title, tag, note or marker in any file', async () => {
    const dataDir = tempFolder();
    const { api, booth: a } = await booth({ dataDir });
    await a.steps(2);
    // Enough other rows that pages are split, before and after.
    const others: string[] = [];
    const one = async (secret: boolean, i: number) => {
      const text = (part: string) => (secret ? `${SECRET} ${part} ${i}` : `ordinary ${part} ${i}`);
      const { body } = await api('POST', '/v1/sessions', {
        stream: 'booth',
        title: text('title'),
        tags: [text('tag')],
      });
      for (let m = 0; m < 6; m++)
        await api('POST', `/v1/sessions/${body.id}/markers`, { note: `${text('note')} `.repeat(20) });
      await api('PATCH', `/v1/sessions/${body.id}`, { notes: text('notes').repeat(50) });
      // Replaced text has to be erased as well.
      await api('PATCH', `/v1/sessions/${body.id}`, {
        title: text('other title'),
        notes: text('fewer notes'),
      });
      return body.id as string;
    };
    const secrets: string[] = [];
    for (let i = 0; i < 12; i++) {
      others.push(await one(false, i));
      if (i % 3 === 0) secrets.push(await one(true, i));
    }
    expect(bytesHave(dataDir, SECRET)).not.toEqual([]);
    for (const id of secrets) expect((await api('DELETE', `/v1/sessions/${id}`)).status).toBe(204);
    expect(bytesHave(dataDir, SECRET)).toEqual([]);
    expect((await api('GET', `/v1/sessions/${secrets[0]}`)).status).toBe(404);
    const left = await api('GET', '/v1/sessions?limit=200');
    expect(left.body.sessions.map((s: Json) => s.id).reverse()).toEqual(others);
    expect((await api('GET', `/v1/sessions/${others[5]}/markers`)).body.markers).toHaveLength(6);
  });

  test('a marker is erased with its note', async () => {
    const dataDir = tempFolder();
    const { api } = await booth({ dataDir });
    const { body: session } = await api('POST', '/v1/sessions', { stream: 'booth' });
    const { body: marker } = await api('POST', `/v1/sessions/${session.id}/markers`, { note: SECRET });
    expect(bytesHave(dataDir, SECRET)).not.toEqual([]);
    await api('DELETE', `/v1/sessions/${session.id}/markers/${marker.id}`);
    expect(bytesHave(dataDir, SECRET)).toEqual([]);
  });

  test('keeps the frames, or erases them with ?frames=1 unless another session has them too', async () => {
    const { api, booth: a } = await booth();
    await a.steps(2);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const start = async () => (await api('POST', '/v1/sessions', { stream: 'booth' })).body.id as string;
    const [one, two] = [await start(), await start()];
    await a.steps(4);
    for (const id of [one, two]) await api('POST', `/v1/sessions/${id}/stop`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await a.steps(2);
    const seqs = async () =>
      (await api('GET', '/v1/streams/booth/emotions?from=0')).body.frames.map((f: Json) => f.seq);
    expect(await api('DELETE', `/v1/sessions/${one}?frames=1`)).toMatchObject({
      status: 409,
      body: { code: 'frames-kept', detail: expect.stringContaining(two) },
    });
    expect((await api('DELETE', `/v1/sessions/${one}`)).status).toBe(204);
    expect(await seqs()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect((await api('DELETE', `/v1/sessions/${two}?frames=1`)).status).toBe(204);
    expect(await seqs()).toEqual([0, 1, 6, 7]);
  });

  test('also erases the frames if the server is configured to', async () => {
    const { api, booth: a } = await booth({ eraseFrames: true });
    const { body: session } = await api('POST', '/v1/sessions', { stream: 'booth' });
    await a.steps(2);
    await api('DELETE', `/v1/sessions/${session.id}`);
    expect((await api('GET', '/v1/streams/booth/emotions?from=0')).body.frames).toEqual([]);
  });
});

describe('faults', () => {
  test.each<[string, string, string, unknown, number, object]>([
    ['an unknown stream', 'POST', '', { stream: 'nowhere' }, 404, { code: 'unknown-stream' }],
    ['no stream', 'POST', '', {}, 400, { errors: [{ path: 'stream', expected: 'a name', got: null }] }],
    [
      'a typo',
      'POST',
      '',
      { stream: 'booth', titel: 'x' },
      400,
      { errors: [{ expected: 'no key "titel"' }] },
    ],
    [
      'a long title',
      'POST',
      '',
      { stream: 'booth', title: 'x'.repeat(201) },
      400,
      { errors: [{ path: 'title', expected: 'at most 200 characters' }] },
    ],
    [
      'a future start',
      'POST',
      '',
      { stream: 'booth', startedAt: '2999-01-01' },
      400,
      { code: 'bad-request' },
    ],
    [
      'a stop before the start',
      'POST',
      '',
      { stream: 'booth', startedAt: 20, stoppedAt: 10 },
      400,
      { errors: [{ path: 'stoppedAt' }] },
    ],
    [
      'a start before the log begins',
      'POST',
      '',
      { stream: 'booth', startedAt: '1970-01-01' },
      422,
      { code: 'before-log', detail: expect.stringContaining('has nothing of "booth" yet') },
    ],
    [
      'a day that does not exist',
      'POST',
      '',
      { stream: 'booth', startedAt: '2026-02-30' },
      400,
      { errors: [{ path: 'startedAt' }] },
    ],
    ['an unknown session', 'GET', '/calm-otter-42', undefined, 404, { code: 'unknown-session' }],
    ['an invalid code', 'DELETE', '/%00', undefined, 404, { code: 'unknown-session' }],
    ['a bad cursor', 'GET', '?cursor=AAAA', undefined, 400, { errors: [{ path: 'cursor' }] }],
    ['a bad tag', 'GET', '?tag=a,b', undefined, 400, { errors: [{ path: 'tag', expected: 'no comma' }] }],
    ['another method', 'PUT', '', { stream: 'booth' }, 405, { code: 'method' }],
  ])('%s is rejected with a sentence', async (_what, method, path, body, status, expected) => {
    const { api } = await booth();
    const answer = await api(method, `/v1/sessions${path}`, body);
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body: expected });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    if (status === 405) expect(answer.headers.get('allow')).toBe('GET, POST');
  });

  test('a session can begin at most a day before the log of its stream', async () => {
    const firstMs = Date.UTC(2026, 0, 10);
    const { api } = await booth({ dataDir: loggedAt(firstMs, 'booth') });
    const startAt = (ms: number) =>
      api('POST', '/v1/sessions', { stream: 'booth', startedAt: ms / 1000, stoppedAt: firstMs / 1000 + 1 });
    expect((await startAt(firstMs - 86_400_000)).status).toBe(201);
    expect(await startAt(firstMs - 86_401_000)).toMatchObject({
      status: 422,
      body: {
        code: 'before-log',
        detail: expect.stringContaining('of "booth" begins at 2026-01-10T00:00:00.000Z'),
      },
    });
    expect((await api('GET', '/v1/sessions')).body.sessions).toHaveLength(1);
  });

  test('rejects a body that is not JSON, of another type, or too large', async () => {
    const { server } = await booth();
    const post = async (body: string, type: string) => {
      const response = await fetch(`${server.url}v1/sessions`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      });
      return { status: response.status, code: ((await response.json()) as Json).code };
    };
    expect(await post('{', 'application/json')).toEqual({ status: 400, code: 'bad-json' });
    expect(await post('stream=booth', 'text/plain')).toEqual({ status: 415, code: 'media-type' });
    const large = JSON.stringify({ stream: 'booth', notes: 'x'.repeat(LIMITS.bodyBytes) });
    expect(await post(large, 'application/json')).toEqual({ status: 413, code: 'too-large' });
  });

  test('limits the markers of a session', async () => {
    const { api } = await booth({ limits: { markers: 2 } });
    const { body: session } = await api('POST', '/v1/sessions', { stream: 'booth' });
    const path = `/v1/sessions/${session.id}/markers`;
    for (let i = 0; i < 2; i++) expect((await api('POST', path)).status).toBe(201);
    expect(await api('POST', path)).toMatchObject({ status: 409, body: { code: 'too-many-markers' } });
  });
});

describe('ETag', () => {
  test('answers 304 if nothing has changed', async () => {
    const { api, server } = await booth();
    const { body: session } = await api('POST', '/v1/sessions', { stream: 'booth' });
    await api('POST', `/v1/sessions/${session.id}/stop`);
    const url = `${server.url}v1/sessions/${session.id}`;
    const first = await fetch(url);
    const headers = { 'if-none-match': first.headers.get('etag')! };
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect((await fetch(url, { headers })).status).toBe(304);
    await api('PATCH', `/v1/sessions/${session.id}`, { title: 'new' });
    expect((await fetch(url, { headers })).status).toBe(200);
  });
});
