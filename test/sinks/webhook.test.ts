import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type AlertEvent, createWebhook, type WebhookOptions } from '../../src/sinks/webhook.ts';
import { sleep, until } from '../server/support.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes !!!').toString('base64')}`;
const FAST = { retryMs: 1, maxRetryMs: 4, timeoutMs: 200 };

const alert = (t: number, stream = 'a'): AlertEvent => ({
  type: 'alert-raised',
  stream,
  t,
  time: '2026-11-20T20:15:03.512Z',
  alert: 'quiet',
  message: 'There was silence for 30s.',
});

interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver that answers with the given statuses in turn, then with 204; 0: no answer. */
async function receiver(...statuses: number[]) {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      requests.push({ headers: request.headers, body });
      const status = statuses.shift() ?? 204;
      if (status !== 0) response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=hidden` };
}

function hook(url: string, options: Partial<WebhookOptions> = {}) {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const webhook = createWebhook({
    name: 'hook',
    url,
    secret: SECRET,
    streams: undefined,
    logger,
    ...FAST,
    ...options,
  });
  onTestFinished(() => webhook.close());
  return { webhook, lines };
}

describe('a webhook', () => {
  test('signs alerts as Standard Webhooks libraries verify them', async () => {
    const { requests, url } = await receiver();
    const { webhook } = hook(url);
    webhook.push(alert(3.5), 7);
    await until(() => requests.length === 1, 'the alert');
    const { headers, body } = requests[0]!;
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from(SECRET.slice(6), 'base64');
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(text).digest('base64')}`,
    );
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
    expect(JSON.parse(body)).toEqual({
      type: 'alert.raised',
      timestamp: '2026-11-20T20:15:03.512Z',
      data: {
        stream: 'a',
        t: 3.5,
        time: '2026-11-20T20:15:03.512Z',
        alert: 'quiet',
        message: 'There was silence for 30s.',
        run: 7,
      },
    });
  });

  test('retries with the same id until it succeeds, in order', async () => {
    const { requests, url } = await receiver(500, 0, 302, 410);
    const { webhook, lines } = hook(url);
    webhook.push(alert(1), 1);
    webhook.push(alert(2), 1);
    await until(() => webhook.counts.delivered === 2, 'both');
    const tries = requests.map(({ body }) => JSON.parse(body).data.t);
    // On a busy computer an answer may be late, too.
    expect(tries.slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
    expect(tries).toEqual(tries.toSorted());
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    expect(webhook.counts).toMatchObject({ queued: 0, delivered: 2, dropped: 0 });
    expect(webhook.counts.failedTries).toBeGreaterThanOrEqual(4);
    expect(lines.filter((line) => line.includes('retrying'))).toHaveLength(1);
    expect(lines.join()).not.toContain('hidden');
  });

  test('queues a limited number, each once, and counts and logs dropped alerts', async () => {
    const { url } = await receiver(...Array<number>(100).fill(500));
    const { webhook, lines } = hook(url, { maxQueued: 2, tries: 3 });
    for (const t of [1, 1, 2, 3]) webhook.push(alert(t), 1);
    expect(webhook.counts).toMatchObject({ queued: 2, dropped: 1 });
    await until(() => webhook.counts.dropped === 3, 'the end of all tries');
    expect(webhook.counts).toMatchObject({ queued: 0, failedTries: 6 });
    expect(
      lines.filter((line) => JSON.parse(line).msg.includes('dropped "a: alert-raised quiet"')),
    ).toHaveLength(3);
  });

  test('sends alerts of its own streams only, and none once it is closed', async () => {
    const { requests, url } = await receiver();
    const { webhook } = hook(url, { streams: ['b'] });
    webhook.push(alert(1, 'a'), 1);
    webhook.push(alert(1, 'b'), 1);
    await until(() => requests.length === 1, 'the alert');
    webhook.close();
    webhook.push(alert(2, 'b'), 1);
    await sleep(50);
    expect(requests.map(({ body }) => JSON.parse(body).data.stream)).toEqual(['b']);
  });
});
