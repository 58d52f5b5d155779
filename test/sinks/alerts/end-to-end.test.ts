import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { missing, serveWith } from '../../server/serve-process.ts';
import { Client, sender, tone, until } from '../../server/support.ts';

const KEY = Buffer.from('a secret of thirty-two bytes !!!');

/** A receiver that rejects the first attempt of each alert. */
async function rejectingReceiver() {
  const tries: { id: string; body: string; signature: string; timestamp: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      const header = (name: string) => String(request.headers[`webhook-${name}`]);
      const id = header('id');
      response.writeHead(tries.some((one) => one.id === id) ? 204 : 500).end();
      tries.push({ id, body, signature: header('signature'), timestamp: header('timestamp') });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { tries, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe.skipIf(missing !== '')('an alert of undertone serve', () => {
  test('is sent to clients, listed, logged, and posted until it is accepted', async () => {
    const { tries, url: hook } = await rejectingReceiver();
    const { url, port } = await serveWith(
      {
        streams: [],
        alerts: [{ name: 'dead-air', when: 'silence', for: '2s', hold: '1s' }],
        webhooks: [{ name: 'desk', url: hook, secret: { env: 'HOOK' } }],
      },
      { HOOK: `whsec_${KEY.toString('base64')}` },
    );
    const live = new Client({ port }, '/v1/live');
    const booth = await sender({ port }, 'booth');
    await booth.received('ready');
    booth.socket.send(Buffer.alloc(3 * 16_000));
    const [raised] = await live.received('alert-raised');
    expect(raised).toMatchObject({
      stream: 'booth',
      alert: 'dead-air',
      message: expect.stringContaining('2s'),
    });
    // In audio time: after the fourth silent step, however fast the machine is.
    expect(raised.t).toBe(2);
    const listed = await (await fetch(`${url}v1/streams/booth`)).json();
    expect(listed).toMatchObject({ alerts: [{ alert: 'dead-air', t: 2 }] });
    const late = new Client({ port }, '/v1/live');
    const [hello] = await late.received('hello');
    expect(hello.streams[0].alerts).toHaveLength(1);

    booth.socket.send(tone(4));
    const [cleared] = await live.received('alert-cleared');
    expect(cleared).toMatchObject({ stream: 'booth', alert: 'dead-air' });
    expect(await (await fetch(`${url}v1/streams/booth`)).json()).not.toHaveProperty('alerts.0');

    const replayed = new Client({ port }, '/v1/live?since=-1');
    expect((await replayed.received('alert-raised'))[0]).toEqual(raised);
    expect((await replayed.received('alert-cleared'))[0]).toEqual(cleared);

    await until(() => tries.length === 4, 'both alerts, each twice');
    const [first, second, third, fourth] = tries;
    expect([first!.id === second!.id, third!.id === fourth!.id, first!.id === third!.id]).toEqual([
      true,
      true,
      false,
    ]);
    expect(tries.map(({ body }) => JSON.parse(body).type)).toEqual([
      'alert.raised',
      'alert.raised',
      'alert.cleared',
      'alert.cleared',
    ]);
    for (const { id, timestamp, body, signature } of tries) {
      const signed = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
      expect(signature.split(' ')).toContain(`v1,${signed}`);
    }
    // The program counts a delivery when it has read the answer.
    await vi.waitFor(
      async () => {
        const metrics = await (await fetch(`${url}metrics`)).text();
        expect(metrics).toContain('undertone_webhook_delivered_total{webhook="desk"} 2');
        expect(metrics).toContain('undertone_webhook_failed_tries_total{webhook="desk"} 2');
      },
      { timeout: 60_000, interval: 20 },
    );
  });
});
