import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Aedes, type AedesOptions } from 'aedes';
import { connectAsync } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sinkEntry } from '../../../src/sinks/sink-entry.ts';
import { createStreamSinks } from '../../../src/sinks/stream-sinks.ts';
import { publicOnly } from '../../../src/stream/sources/http/address-guard.ts';
import { within } from '../../../src/util/within.ts';
import { frameOf, tempFolder, until } from '../../server/support.ts';
import { collectingLogger, countConnections, FAST, openSink } from '../support.ts';

/** A broker within the test, and what is published to it. */
async function broker(options: AedesOptions = {}, port = 0) {
  const aedes = await Aedes.createBroker(options);
  const published = new Map<string, string[]>();
  const retained = new Map<string, string>();
  aedes.on('publish', ({ topic, payload, retain }) => {
    if (topic.startsWith('$SYS')) return;
    published.set(topic, [...(published.get(topic) ?? []), String(payload)]);
    if (retain) retained.set(topic, String(payload));
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await new Promise<void>((resolve) => aedes.close(resolve));
  };
  let isOpen = true;
  const closeOnce = async () => {
    if (isOpen) await close();
    isOpen = false;
  };
  onTestFinished(closeOnce);
  return { published, retained, sockets, port: (server.address() as AddressInfo).port, close: closeOnce };
}

describe('mqtt:', () => {
  test('publishes a topic per value, null without music, and whether it is online', async () => {
    const { published, retained, port } = await broker();
    const { sink } = openSink({ sink: `mqtt://127.0.0.1:${port}?qos=1` });
    sink.push({ ...frameOf('booth', 0), valence: 0.5, arousal: -0.25 });
    sink.push(frameOf('booth', 6)); // Silence.
    await until(() => sink.status.delivered === 2, 'two steps');
    expect(published.get('undertone/booth/valence')).toEqual(['0.5', 'null']);
    expect(published.get('undertone/booth/arousal')).toEqual(['-0.25', 'null']);
    expect(published.get('undertone/booth/mood')).toEqual(['excited', 'null']);
    expect(JSON.parse(published.get('undertone/booth/forecast/5')![0]!)).toHaveLength(2);
    expect(retained.get('undertone/status')).toBe('online');
    await sink.close();
    expect(retained.get('undertone/status')).toBe('offline');
    expect(published.get('undertone/status')).toEqual(['online', 'offline']); // Without the will.
    expect(published.get('undertone/booth/valence')).toEqual(['0.5', 'null', 'null']);
  });

  test('is online with the present values after other options replaced it', async () => {
    const { published, port } = await broker();
    const sinks = createStreamSinks({ logger: collectingLogger().logger, ...FAST });
    onTestFinished(() => sinks.close());
    const play = async (every: string, seq: number) => {
      const entry = sinkEntry.parse({ sink: `mqtt://127.0.0.1:${port}`, every });
      sinks.set({ forAll: [{ entry }], own: new Map() });
      const message = { ...frameOf('a', seq), valence: 0.5 };
      sinks.write({ message, run: 1, seq, json: new Uint8Array(0) });
      await until(() => sinks.all[0]!.status.delivered === 1, 'a step');
    };
    await play('1s', 0);
    await play('2s', 1);
    sinks.set({ forAll: [], own: new Map() });
    await sinks.close();
    expect(published.get('undertone/status')).toEqual(['online', 'offline', 'online', 'offline']);
    expect(published.get('undertone/a/valence')).toEqual(['0.5', 'null', '0.5', 'null']);
  });

  test('keeps no connection to a broker that accepts nothing, and none that was closed while it opened', async () => {
    const { port } = await broker({
      authorizePublish: (_client, { topic, payload }, done) => {
        if (topic.endsWith('/status') && String(payload) === 'online') done(null);
      },
    });
    const connections = countConnections();
    const { sink } = openSink({ sink: `mqtt://127.0.0.1:${port}?qos=1` }, { sendMs: 1 });
    let seq = 0;
    await until(() => {
      if (sink.status.queued === 0) sink.push(frameOf('a', seq++));
      return sink.status.failures > 2;
    }, 'several attempts');
    expect(connections()).toBeLessThanOrEqual(1);
    await sink.close();
    await until(() => connections() === 0, 'the end of the last one');

    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const opening = openSink({ sink: `mqtt://127.0.0.1:${(silent.address() as AddressInfo).port}` }).sink;
    expect(await within(5_000, opening.close())).toBe(true);
  });

  test('announces each stream to Home Assistant once, and switches as binary sensors', async () => {
    const { published, retained, port } = await broker();
    const { sink } = openSink({
      sink: `mqtt://127.0.0.1:${port}?topic=radio/{stream}/{value}`,
      values: [
        { value: 'loudness' },
        { value: 'arousal', as: 'radio/{stream}/party', on: 0.5, off: 0.3 },
        { value: 'forecast/5' },
      ],
    });
    for (let seq = 0; seq < 3; seq++) sink.push({ ...frameOf('on-air', seq), arousal: 0.2 * seq + 0.2 });
    await until(() => published.get('radio/on-air/party')?.length === 2, 'the switch');
    const configs = [...retained].filter(([topic]) => topic.startsWith('homeassistant/'));
    expect(configs.map(([topic]) => topic)).toEqual([
      'homeassistant/sensor/radio_on-air_loudness/config',
      'homeassistant/binary_sensor/radio_on-air_party/config',
      'homeassistant/sensor/radio_on-air_forecast_5_valence/config',
      'homeassistant/sensor/radio_on-air_forecast_5_arousal/config',
    ]);
    const [loudness, party] = configs.map(([, payload]) => JSON.parse(payload));
    expect(loudness).toMatchObject({
      name: 'loudness',
      unique_id: 'radio_on-air_loudness',
      state_topic: 'radio/on-air/loudness',
      availability_topic: 'radio/status',
      unit_of_measurement: 'LUFS',
      state_class: 'measurement',
      device: { name: 'undertone on-air', identifiers: ['radio_status_on-air'] },
    });
    expect(party).toMatchObject({ state_topic: 'radio/on-air/party', payload_on: '1', payload_off: '0' });
    expect(published.get('radio/on-air/party')).toEqual(['0', '1']);
    expect(published.get('homeassistant/sensor/radio_on-air_loudness/config')).toHaveLength(1);
  });

  test('sends the will when the connection breaks, reconnects and announces again', async () => {
    const { published, sockets, port } = await broker();
    const { sink } = openSink({ sink: `mqtt://127.0.0.1:${port}` });
    sink.push(frameOf('a', 0));
    await until(() => published.get('undertone/a/forecast/5') !== undefined, 'the first step');
    for (const socket of sockets) socket.destroy();
    await until(() => sink.status.failures > 0 && sink.status.state === 'up', 'the return');
    sink.push(frameOf('a', 1));
    await until(() => (published.get('undertone/a/valence')?.length ?? 0) === 2, 'another step');
    expect(published.get('undertone/status')).toEqual(['online', 'offline', 'online']);
    expect(published.get('homeassistant/sensor/undertone_a_valence/config')).toHaveLength(2);
  });

  test('signs in, and neither logs nor shows the password', async () => {
    const { port } = await broker({
      authenticate: (_client, user, password, done) =>
        done(null, user === 'me' && String(password) === 'hidden'),
    });
    const right = openSink({ sink: `mqtt://127.0.0.1:${port}`, user: 'me', secret: 'hidden' });
    await until(() => right.sink.status.state === 'up', 'the connection');
    const wrong = openSink({ sink: `mqtt://127.0.0.1:${port}`, user: 'me', secret: 'hidden too' });
    await until(() => wrong.sink.status.state === 'down', 'the refusal');
    expect(wrong.sink.status.message).toMatch(/^Connection refused: /);
    expect(JSON.stringify([right.lines, wrong.lines, wrong.sink.status])).not.toContain('hidden');
  });

  test('is down while the broker closes the connection because of a topic, and can be closed', async () => {
    const { port } = await broker({
      authorizePublish: (_client, _packet, done) => done(new Error('not authorized')),
    });
    const { sink, lines } = openSink({ sink: `mqtt://127.0.0.1:${port}` });
    await until(() => sink.status.failures > 1, 'another attempt');
    expect(sink.status.state).toBe('down');
    expect(lines).toHaveLength(1);
    await sink.close();
  });

  test('disturbs nobody while there is no broker, and connects to no private network from the API', async () => {
    const first = await broker();
    await first.close();
    const { sink, lines } = openSink({ sink: `mqtt://127.0.0.1:${first.port}` });
    await until(() => sink.status.state === 'down', 'the refusal');
    for (let seq = 0; seq < 500; seq++) sink.push(frameOf('a', seq));
    expect(sink.status.queued).toBeLessThanOrEqual(64);
    await until(() => sink.status.queued === 0, 'an empty queue');
    expect(sink.status).toMatchObject({ message: 'ECONNREFUSED', delivered: 0, dropped: 500 });
    expect(lines).toHaveLength(1);
    const guarded = openSink({ sink: `mqtt://localhost:${first.port}` }, { guard: publicOnly() });
    await until(() => guarded.sink.status.state === 'down', 'the refusal');
    expect(guarded.sink.status.message).toBe('its address is in a private network');
  });
});

const hasMosquitto = spawnSync('mosquitto', ['-h']).error === undefined;

test.skipIf(!hasMosquitto)('Mosquitto accepts the messages (needs the program "mosquitto")', async () => {
  const { port, close } = await broker(); // A free port.
  await close();
  const config = join(tempFolder(), 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const mosquitto = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
  onTestFinished(() => void mosquitto.kill());
  const { sink } = openSink({ sink: `mqtt://127.0.0.1:${port}?qos=2` });
  await until(() => sink.status.state === 'up', 'the connection');
  sink.push({ ...frameOf('booth', 0), valence: 0.5 });
  await until(() => sink.status.delivered === 1, 'the step');
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  onTestFinished(() => client.endAsync());
  const received = new Map<string, string>();
  client.on('message', (topic, payload) => received.set(topic, String(payload)));
  await client.subscribeAsync(['undertone/#', 'homeassistant/#']);
  await until(() => received.has('undertone/status'), 'retained messages');
  sink.push({ ...frameOf('booth', 1), valence: 0.75 });
  await until(() => received.get('undertone/booth/valence') === '0.75', 'the value');
  expect(received.get('undertone/status')).toBe('online');
  expect(received.has('homeassistant/sensor/undertone_booth_valence/config')).toBe(true);
  await sink.close();
  await until(() => received.get('undertone/status') === 'offline', 'offline');
});
