import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { shownSink } from '../../../src/sinks/sink-uri.ts';
import { publicOnly } from '../../../src/stream/sources/http/address-guard.ts';
import { frameOf, until } from '../../server/support.ts';
import { openSink } from '../support.ts';

async function receiver() {
  const answer = { status: 200 };
  const requests: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] =
    [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      requests.push({ url: request.url!, headers: request.headers, body });
      response.writeHead(answer.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { answer, requests, port: (server.address() as AddressInfo).port };
}

describe('webhook:', () => {
  test('posts values, signed, to an address with options of its own', async () => {
    const { requests, port } = await receiver();
    const { sink } = openSink({
      sink: `webhook:http://127.0.0.1:${port}/api/hook?id=7`,
      secret: 'hidden',
      values: [{ value: 'arousal', as: 'energy', to: [0, 1] }, { value: 'mood' }],
    });
    sink.push({ ...frameOf('booth', 0, Date.parse('2026-11-20T20:15:03.500Z')), arousal: 0 });
    await sink.drained();
    const [{ url, headers, body }] = requests as [(typeof requests)[0]];
    expect(url).toBe('/api/hook?id=7');
    expect(JSON.parse(body)).toEqual({
      type: 'values',
      timestamp: '2026-11-20T20:15:03.500Z',
      data: { stream: 'booth', t: 0.5, values: { energy: 0.5, mood: 'excited' } },
    });
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = headers;
    const expected = createHmac('sha256', 'hidden').update(`${id}.${time}.${body}`).digest('base64');
    expect(signature).toBe(`v1,${expected}`);
  });

  test('sends a switch when it changes, and repeats what was not accepted', async () => {
    const { answer, requests, port } = await receiver();
    answer.status = 503;
    const { sink, lines } = openSink({
      sink: `webhook:http://127.0.0.1:${port}/secret-path`,
      values: [{ value: 'arousal', on: 0.5, off: 0.4, edge: 'on' }],
    });
    for (const [seq, arousal] of [0.3, 0.6, 0.7, 0.3].entries()) sink.push({ ...frameOf('a', seq), arousal });
    await until(() => requests.length > 2, 'several attempts');
    expect(lines).toEqual([
      `The sink webhook:http://127.0.0.1:${port} is down (it answered 503): at most 256 steps are kept until it is up again.`,
    ]);
    answer.status = 204;
    await until(() => sink.status.delivered === 1, 'the post');
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([undefined]));
    expect(sink.status.queued).toBe(0);
  });

  test('drops what the receiver rejects', async () => {
    const { answer, port } = await receiver();
    answer.status = 422;
    const { sink } = openSink({ sink: `webhook:http://localhost:${port}/` });
    sink.push(frameOf('a', 0));
    await sink.drained();
    expect(sink.status).toMatchObject({ state: 'up', dropped: 1 });
  });

  test('connects to no private network from the API, and shows no path', async () => {
    const { sink } = openSink({ sink: 'webhook:http://localhost:9/path' }, { guard: publicOnly() });
    sink.push(frameOf('a', 0));
    await until(() => sink.status.state === 'down', 'the refusal');
    expect(sink.status.message).toBe('its address is in a private network');
    expect(shownSink('webhook:https://example.org/a/secret?token=1')).toBe('webhook:https://example.org');
    expect(shownSink('osc:a:1?framing=slip')).toBe('osc:a:1?framing=slip');
  });

  test.each(['webhook:', 'webhook:example.org', 'webhook:ftp://a/b'])('rejects %s in a sentence', (sink) => {
    expect(() => openSink({ sink })).toThrow('expected a web address');
  });
});
