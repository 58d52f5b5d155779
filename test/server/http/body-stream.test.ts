import { describe, expect, test } from 'vitest';
import { openLog, writeRun } from '../../log/open-log.ts';
import { frameOf, startServer, tempFolder } from '../support.ts';

const START_MS = Date.parse('2025-11-20T20:00:00Z');

async function finishedFrames(count: number) {
  const dataDir = tempFolder();
  const log = openLog({ dataDir });
  writeRun(
    log,
    Array.from({ length: count }, (_, seq) => frameOf('a', seq, START_MS + seq * 500)),
  );
  log.close();
  const server = await startServer({ dataDir });
  return (query: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}v1/streams/a/emotions?${query}`, { headers });
}

const span = 'from=2025-11-20T20:00:00Z&to=2025-11-20T20:01:00Z';

describe('emotions of a finished range', () => {
  test('have an ETag and support If-None-Match', async () => {
    const get = await finishedFrames(200);
    const first = await get(span);
    const tag = first.headers.get('etag')!;
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(((await first.json()) as { frames: unknown[] }).frames).toHaveLength(120);
    for (const held of [tag, `"other", W/${tag}`, '*']) {
      const again = await get(span, { 'if-none-match': held });
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, tag, '']);
    }
    expect((await get(span, { 'if-none-match': '"other"' })).status).toBe(200);
    expect((await get(`${span}&format=csv`)).headers.get('etag')).not.toBe(tag);
  });

  test('support Range and If-Range, to resume a download', async () => {
    const get = await finishedFrames(200);
    const whole = await get(`${span}&format=csv`);
    const tag = whole.headers.get('etag')!;
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    for (const [range, from, to] of [
      ['bytes=0-99', 0, 100],
      ['bytes=1000-', 1_000, bytes.length],
      ['bytes=-70', bytes.length - 70, bytes.length],
      [`bytes=5-${bytes.length + 9}`, 5, bytes.length],
      [`bytes=-${bytes.length + 1}`, 0, bytes.length],
      [`bytes=-1${'0'.repeat(30)}`, 0, bytes.length],
    ] as const) {
      const part = await get(`${span}&format=csv`, { range, 'if-range': tag });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${bytes.length}`);
      expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(from, to))).toBe(true);
    }
    // The whole body for another ETag, a malformed range, and several ranges.
    for (const headers of [
      { range: 'bytes=0-9', 'if-range': '"other"' },
      { range: 'bytes=9-0-1' },
      { range: 'lines=1-2' },
      { range: 'bytes=-' },
      { range: `bytes=0-9,-${bytes.length + 1}` },
    ]) {
      const all = await get(`${span}&format=csv`, headers as unknown as Record<string, string>);
      expect([all.status, (await all.arrayBuffer()).byteLength]).toEqual([200, bytes.length]);
    }
    for (const range of [`bytes=${bytes.length}-`, 'bytes=9-3', 'bytes=-0']) {
      const none = await get(`${span}&format=csv`, { range });
      expect(none.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
      expect(none.headers.get('content-type')).toBe('application/problem+json');
      expect({ status: none.status, body: await none.json() }).toMatchObject({
        status: 416,
        body: { code: 'range', detail: expect.stringContaining(`${bytes.length} bytes`) },
      });
    }
  });

  test('are streamed without an ETag where they are large', async () => {
    const get = await finishedFrames(6_500);
    const answer = await get('from=2025-11-20T20:00:00Z&to=2025-11-20T23:00:00Z');
    expect(answer.headers.get('etag')).toBeNull();
    const { frames } = (await answer.json()) as { frames: { seq: number }[] };
    expect(frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 6_500 }, (_, seq) => seq));
  });

  test('have no ETag before the range is finished', async () => {
    const get = await finishedFrames(3);
    const open = await get('from=0');
    expect([open.status, open.headers.get('etag')]).toEqual([200, null]);
  });
});
