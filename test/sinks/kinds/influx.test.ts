import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lineOf } from '../../../src/sinks/kinds/line-protocol.ts';
import { publicOnly } from '../../../src/stream/sources/http/address-guard.ts';
import { frameOf, until } from '../../server/support.ts';
import { openSink } from '../support.ts';

const TIME = Date.parse('2026-11-20T20:15:03.500Z');

/** A database that answers with `answer.status` and records what was posted. */
async function database(port = 0) {
  const answer = { status: 204, body: '' };
  const requests: {
    readonly url: string;
    readonly headers: IncomingMessage['headers'];
    readonly lines: string[];
  }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const { url, headers, method } = request;
      requests.push({ url: `${method} ${url}`, headers, lines: body.trimEnd().split('\n') });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => server.close(resolve));
  onTestFinished(() => void close());
  return { answer, requests, port: (server.address() as AddressInfo).port, close };
}

describe('influx:', () => {
  test('writes one batch to a bucket with a token', async () => {
    const { requests, port } = await database();
    const { sink } = openSink({
      sink: `influx://127.0.0.1:${port}?org=my%20radio&bucket=mood`,
      secret: 'hidden',
    });
    for (let seq = 0; seq < 7; seq++)
      sink.push({ ...frameOf('booth', seq, TIME + seq * 500), valence: seq === 6 ? null : 1 });
    await sink.drained();
    expect(requests).toHaveLength(1);
    const [{ url, headers, lines }] = requests as [(typeof requests)[0]];
    expect(url).toBe('POST /api/v2/write?org=my+radio&bucket=mood&precision=ms');
    expect(headers.authorization).toBe('Token hidden');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(
      /^undertone,stream=booth valence=1,arousal=[\d.]+,valenceSd=0\.17,arousalSd=0\.14,confidence=[\d.]+,mood="excited",activity="music",loudness=-14\.2,forecast\/5\/valence=-?[\d.]+,forecast\/5\/arousal=-?[\d.]+ 1795205703500$/,
    );
    expect(lines[6]).toMatch(/^undertone,stream=booth confidence=[\d.]+,activity="silence" 1795205706500$/);
    expect(sink.status).toMatchObject({ delivered: 7, dropped: 0, state: 'up' });
  });

  test('writes mapped values to a database of version 1 with a password', async () => {
    const { requests, port } = await database();
    const { sink } = openSink({
      sink: `influx://127.0.0.1:${port}?db=radio&measurement=mood`,
      user: 'me',
      secret: 'hidden',
      values: [{ value: 'arousal', as: 'energy level', to: [0, 100] }],
    });
    sink.push({ ...frameOf('a', 0, TIME), arousal: 0 });
    await sink.drained();
    expect(requests[0]).toMatchObject({
      url: 'POST /write?db=radio&precision=ms',
      headers: { authorization: `Basic ${Buffer.from('me:hidden').toString('base64')}` },
      lines: [`mood,stream=a energy\\ level=50 ${TIME}`],
    });
  });

  test('escapes names and words', () => {
    const step = { stream: 'a b', t: 1, timeMs: 5, frame: undefined, isLast: false } as const;
    const value = (as: string, value: string | number) => ({
      name: 'mood',
      as,
      value,
      kind: 'value' as const,
    });
    expect(lineOf('m=1, x', { ...step, values: [value('f=1, x', 'say "a\\b"'), value('n', -0.5)] }, 5)).toBe(
      'm=1\\,\\ x,stream=a\\ b f\\=1\\,\\ x="say \\"a\\\\b\\"",n=-0.5 5\n',
    );
    expect(lineOf('m', { ...step, values: [] }, 5)).toBe('');
  });

  test('gives each step of a stream a time of its own, which it keeps when it is sent again', async () => {
    const { answer, requests, port } = await database();
    answer.status = 503;
    const { sink } = openSink({
      sink: `influx://127.0.0.1:${port}?bucket=mood`,
      values: [{ value: 'arousal', on: 0.5 }, { value: 'valence' }],
    });
    const push = (stream: string, seq: number, timeMs: number) =>
      sink.push({ ...frameOf(stream, seq, timeMs), arousal: 0.75, valence: 0.25 });
    // A recording is tracked faster than its steps are apart.
    for (const [seq, ms] of [0, 0, 0, 1].entries()) push('a', seq, TIME + ms);
    push('b', 0, TIME);
    // The clock was set back by an hour.
    push('a', 4, TIME - 3_600_000);
    sink.end('a', 2.5, new Date(TIME - 3_600_000).toISOString());
    void sink.drained();
    await until(() => requests.length > 1, 'a second attempt');
    answer.status = 204;
    await until(() => sink.status.delivered > 0, 'the steps');
    const first = [
      `undertone,stream=a arousal=1,valence=0.25 ${TIME}`,
      ...[1, 2, 3].map((ms) => `undertone,stream=a valence=0.25 ${TIME + ms}`),
      `undertone,stream=b arousal=1,valence=0.25 ${TIME}`,
      `undertone,stream=a valence=0.25 ${TIME - 3_600_000}`,
      `undertone,stream=a arousal=0 ${TIME - 3_600_000 + 1}`,
    ];
    for (const { lines } of requests) expect(lines).toEqual(first);
  });

  test('keeps steps while the database is away or busy, says so once, and sends them again', async () => {
    const first = await database();
    first.answer.status = 503;
    first.answer.body = '{"code":"unavailable","message":"compacting"}';
    const { sink, lines } = openSink({ sink: `influx://127.0.0.1:${first.port}?bucket=mood` });
    expect(sink.status.state).toBe('connecting');
    sink.push(frameOf('a', 0));
    void sink.drained();
    await until(() => first.requests.length > 2, 'several attempts');
    expect(sink.status).toMatchObject({ state: 'down', message: 'it answered 503: compacting', queued: 1 });
    await first.close();
    for (let seq = 1; seq < 5; seq++) sink.push(frameOf('a', seq));
    const second = await database(first.port);
    await until(() => sink.status.delivered >= 1 && sink.status.state === 'up', 'the return');
    await sink.drained();
    expect(second.requests.flatMap((one) => one.lines)).toHaveLength(5);
    expect(lines.filter((line) => line.includes('is down'))).toHaveLength(1);
    expect(lines[0]).toContain('at most 20000 steps are kept');
  });

  test('drops a batch that the database rejects, counts all of its steps, and goes on', async () => {
    const { answer, requests, port } = await database();
    answer.status = 400;
    answer.body = '{"error":"field type conflict"}';
    const { sink, lines } = openSink({ sink: `influx://127.0.0.1:${port}?db=radio` });
    for (let seq = 0; seq < 3; seq++) sink.push(frameOf('a', seq));
    await sink.drained();
    expect(sink.status).toMatchObject({ state: 'up', dropped: 3, delivered: 0 });
    expect(lines).toEqual([
      `The sink influx://127.0.0.1:${port} dropped a step: it answered 400: field type conflict.`,
    ]);
    answer.status = 204;
    sink.push(frameOf('a', 3));
    await sink.drained();
    expect(requests).toHaveLength(2);
    expect(sink.status.delivered).toBe(1);
  });

  test('connects to no private network from the API', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const { sink } = openSink({ sink: `influxs://${host}:9?bucket=a` }, { guard: publicOnly() });
      sink.push(frameOf('a', 0));
      void sink.drained();
      await until(() => sink.status.state === 'down', 'the refusal');
      expect(sink.status.message).toBe('its address is in a private network');
    }
  });

  test.each([
    ['influx:localhost?bucket=a', 'expected influx://HOST:PORT'],
    ['influx://localhost', 'expected either the option bucket'],
    ['influx://localhost?bucket=a&db=b', 'expected either the option bucket'],
    ['influx://localhost?db=b&org=a', 'expected no option org beside db'],
  ])('rejects %s in a sentence', (sink, message) => {
    expect(() => openSink({ sink })).toThrow(message);
  });
});
