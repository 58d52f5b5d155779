import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { expect, onTestFinished, test } from 'vitest';
import type { StartTracker } from '../../../src/server/streams/hub-options.ts';
import type { StreamPlan } from '../../../src/server/streams/stream-manager.ts';
import { frameOf, manualSource, startServer, tempFolder, until } from '../support.ts';

async function receiver() {
  const packets: string[] = [];
  const socket = createSocket('udp4', (packet) => packets.push(packet.toString('latin1')));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { packets, sink: `osc:127.0.0.1:${socket.address().port}` };
}

const planOf = (given: Partial<StreamPlan>, allowed: readonly string[] = []): StreamPlan => {
  const privateNetworks = new BlockList();
  for (const address of allowed) privateNetworks.addAddress(address);
  return {
    streams: [],
    alerts: [],
    keep: undefined,
    remote: { schemes: [], folders: [], privateNetworks },
    ...given,
  };
};

// biome-ignore lint/suspicious/noExplicitAny: tests read responses of any shape
type Json = any;

async function call(server: { url: string }, method: string, sinks?: unknown) {
  const response = await fetch(`${server.url}v1/streams/a/sinks`, {
    method,
    ...(sinks !== undefined && {
      body: JSON.stringify({ sinks }),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Json };
}

test('the sinks of a stream replace those of the configuration until they are deleted, also after a restart', async () => {
  const [configured, own] = [await receiver(), await receiver()];
  const a = manualSource();
  const dataDir = tempFolder();
  const plan = planOf({ sinks: [{ sink: configured.sink }] }, ['127.0.0.1']);
  const server = await startServer({ dataDir, plan, sources: [{ name: 'a', source: a.source }] });
  await a.steps(1);
  await until(() => configured.packets.length === 1, 'a step at the configured sink');
  expect((await call(server, 'GET')).body).toMatchObject({
    sinks: [{ sink: configured.sink, state: 'up', message: null, delivered: 1, dropped: 0 }],
    from: 'config',
  });

  const values = [{ value: 'arousal', as: '/dimmer', to: [0, 1] }];
  const set = await call(server, 'PUT', [{ sink: own.sink, values, user: 'me', secret: 'hidden' }]);
  expect(set).toMatchObject({
    status: 200,
    body: { sinks: [{ sink: own.sink, values, secret: 'set' }], from: 'api' },
  });
  expect(JSON.stringify(set.body)).not.toContain('hidden');
  await a.steps(1);
  await until(() => own.packets.length === 1, 'a step at the sink of the API');
  expect(own.packets[0]).toContain('/dimmer');
  expect(configured.packets).toHaveLength(1);
  const metrics = await (await fetch(`${server.url}metrics`)).text();
  expect(metrics).toContain(`undertone_stream_sink_delivered_total{target="${own.sink}"} 1`);
  expect(metrics).toContain(`undertone_stream_sink_down{target="${own.sink}"} 0`);
  await server.close();

  const again = await startServer({ dataDir, plan });
  expect((await call(again, 'GET')).body).toMatchObject({ sinks: [{ sink: own.sink }], from: 'api' });
  expect((await call(again, 'DELETE')).status).toBe(204);
  expect((await call(again, 'GET')).body).toMatchObject({
    sinks: [{ sink: configured.sink }],
    from: 'config',
  });
  expect(readFileSync(join(dataDir, 'managed.json'), 'utf8')).not.toContain('sink');
});

test('the API sets no sinks in private networks, and reads no variables and files of the server', async () => {
  const server = await startServer({ plan: planOf({}) });
  const refused = async (sink: unknown) => {
    const { status, body } = await call(server, 'PUT', [sink]);
    return [status, body.code];
  };
  expect(await refused({ sink: 'osc:192.168.0.5:9000' })).toEqual([403, 'forbidden-address']);
  expect(await refused({ sink: 'mqtt://[::1]:1883' })).toEqual([403, 'forbidden-address']);
  expect(await refused({ sink: 'mqtt://example.org', secret: { env: 'PATH' } })).toEqual([
    403,
    'sink-not-allowed',
  ]);
  expect(await refused({ sink: 'mqtt://example.org', secret: { file: '/etc/passwd' } })).toEqual([
    403,
    'sink-not-allowed',
  ]);
  for (const sink of ['file:frames.csv', 'stdout:', 'midi:', 'lsl:'])
    expect(await refused({ sink })).toEqual([403, 'sink-not-allowed']);
  for (const sink of ['sacn:', 'artnet:10.0.0.255', 'influx://10.1.2.3?db=a'])
    expect(await refused({ sink })).toEqual([403, 'forbidden-address']);
  expect(await refused({ sink: 'osc:nowhere' })).toEqual([400, 'bad-request']);
  expect((await call(server, 'GET')).body).toEqual({ sinks: [], from: 'config' });
});

test('a stream that is removed, or leaves a sink that others share, ends there', async () => {
  const shared = await receiver();
  const values = [{ value: 'arousal', as: '/{stream}/dimmer', on: -1 }];
  const sinks = [{ sink: shared.sink, values }];
  const inputs = { a: manualSource(), b: manualSource(), c: manualSource() };
  const streams = (['a', 'b', 'c'] as const).map((name) => ({ name, source: name, sinks }));
  const server = await startServer({
    plan: planOf({ streams }),
    open: async ({ name }) => ({ source: inputs[name as 'a'].source }),
  });
  for (const input of Object.values(inputs)) await input.steps(1);
  await until(() => shared.packets.length === 3, 'a step of each stream');
  const ended = () => shared.packets.slice(3).map((packet) => /\/.\/dimmer/.exec(packet)?.[0]);

  expect((await call(server, 'PUT', [])).status).toBe(200);
  await until(() => shared.packets.length === 4, 'the end of a');
  expect(ended()).toEqual(['/a/dimmer']);
  const plan = planOf({ streams: streams.slice(0, 2) });
  await server.reload({ plan, webhooks: [], access: {}, tls: undefined });
  await until(() => shared.packets.length === 5, 'the end of c');
  expect(ended()).toEqual(['/a/dimmer', '/c/dimmer']);
  await server.close();
  expect(ended()).toEqual(['/a/dimmer', '/c/dimmer', '/b/dimmer']);
});

test('the last frames of a stream with sinks of its own do not go to those of all when it is removed', async () => {
  const all = await receiver();
  const startTracker: StartTracker = (_source, stream, stop) => ({
    messages$: new Observable((subscriber) => {
      const event = { stream, t: 1, time: new Date().toISOString(), message: '' };
      subscriber.next({ ...event, type: 'stream-started' });
      stop!.addEventListener('abort', async () => {
        await Promise.resolve(); // It was computing a step.
        subscriber.next(frameOf(stream, 0));
        subscriber.next({ ...event, type: 'stream-stopped' });
        subscriber.complete();
      });
    }),
  });
  const sinks = [{ sink: all.sink }];
  const streams = [{ name: 'a', source: 'a', sinks: [] }];
  const server = await startServer({
    plan: planOf({ sinks, streams }),
    startTracker,
    open: async () => ({ source: manualSource().source }),
  });
  await until(() => server.hub.isRunning('a'), 'the stream');
  await server.reload({ plan: planOf({ sinks }), webhooks: [], access: {}, tls: undefined });
  await until(() => server.hub.get('a') === undefined, 'the end of the stream');
  expect((await call(server, 'GET')).body.sinks).toMatchObject([{ queued: 0, delivered: 0, dropped: 0 }]);
});
