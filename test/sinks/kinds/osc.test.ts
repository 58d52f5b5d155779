import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { decode } from 'node-osc';
import { describe, expect, onTestFinished, test } from 'vitest';
import { publicOnly } from '../../../src/stream/sources/http/address-guard.ts';
import { frameOf, until } from '../../server/support.ts';
import { countConnections, openSink } from '../support.ts';

interface Bundle {
  readonly oscType: 'bundle';
  readonly timetag: number;
  readonly elements: readonly {
    readonly address: string;
    readonly args: readonly { readonly value: unknown }[];
  }[];
}

/** Addresses and arguments of a bundle. */
const contentOf = (packet: Buffer) =>
  Object.fromEntries(
    (decode(packet) as unknown as Bundle).elements.map(({ address, args }) => [
      address,
      args.map(({ value }) => value),
    ]),
  );

async function udpReceiver(port = 0) {
  const packets: Buffer[] = [];
  const socket = createSocket('udp4', (packet) => packets.push(packet));
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
  let open = true;
  const close = () => {
    if (open) socket.close();
    open = false;
  };
  onTestFinished(close);
  return { packets, port: socket.address().port, close };
}

async function tcpReceiver() {
  const sockets: Socket[] = [];
  const received = { bytes: Buffer.alloc(0) };
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (data) => (received.bytes = Buffer.concat([received.bytes, data])));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { received, sockets, port: (server.address() as AddressInfo).port };
}

describe('osc:', () => {
  test('sends one bundle per step, with the time of the frame and floats', async () => {
    const { packets, port } = await udpReceiver();
    const { sink } = openSink({ sink: `osc:127.0.0.1:${port}` });
    const frame = frameOf('booth', 1, Date.parse('2026-11-20T20:15:03.500Z'));
    sink.push({ ...frame, valence: 0.5, arousal: 1 });
    sink.push(frameOf('booth', 6)); // Silence.
    await until(() => packets.length === 2, 'two bundles');
    const float = expect.any(Number);
    expect(contentOf(packets[0]!)).toEqual({
      '/undertone/booth/valence': [0.5],
      '/undertone/booth/arousal': [1],
      '/undertone/booth/mood': ['excited'],
      '/undertone/booth/activity': ['music'],
      '/undertone/booth/loudness': [float],
      '/undertone/booth/forecast/5': [float, float],
    });
    expect((decode(packets[0]!) as unknown as Bundle).timetag).toBeCloseTo(1_795_205_703.5, 3);
    // 1 is a float as well: receivers do not convert integers.
    expect(packets[0]!.includes('/undertone/booth/arousal\0\0\0\0,f\0\0')).toBe(true);
    expect(contentOf(packets[1]!)).toEqual({ '/undertone/booth/activity': ['silence'] });
    expect(sink.status).toMatchObject({ state: 'up', delivered: 2, dropped: 0 });
  });

  test('sends to the addresses of Resolume, TouchDesigner and QLab', async () => {
    const { packets, port } = await udpReceiver();
    const { sink } = openSink({
      sink: `osc:udp://localhost:${port}`,
      values: [
        { value: 'arousal', as: '/composition/layers/1/video/opacity', to: [0, 1] },
        { value: 'valence', as: '/{stream}/{value}' },
        { value: 'arousal', as: '/cue/5/start', on: 0.8, off: 0.5, edge: 'on' },
      ],
    });
    sink.push({ ...frameOf('booth', 0), valence: -1, arousal: 0 });
    sink.push({ ...frameOf('booth', 1), valence: 0, arousal: 0.9 });
    await until(() => packets.length === 2, 'two bundles');
    expect(contentOf(packets[0]!)).toEqual({
      '/composition/layers/1/video/opacity': [0.5],
      '/booth/valence': [-1],
    });
    expect(contentOf(packets[1]!)).toMatchObject({ '/cue/5/start': [] });
  });

  test.each(['length', 'slip'] as const)('frames bundles over TCP by %s', async (framing) => {
    const { received, port } = await tcpReceiver();
    const { sink } = openSink({ sink: `osc:tcp://127.0.0.1:${port}?framing=${framing}` });
    // 0.8125 and its neighbors contain the bytes that SLIP escapes, in some of these.
    for (let seq = 0; seq < 5; seq++)
      sink.push({ ...frameOf('a', seq), valence: -6.8125, arousal: -6.8828125 });
    await until(() => sink.status.delivered === 5, 'five bundles');
    const packets = () => (framing === 'slip' ? unslip(received.bytes) : unlength(received.bytes));
    await until(() => packets().length === 5, 'five bundles');
    for (const packet of packets()) {
      expect(contentOf(packet)['/undertone/a/valence']).toEqual([-6.8125]);
      expect(contentOf(packet)['/undertone/a/arousal']![0]).toBeCloseTo(-6.8828, 4);
    }
  });

  test('keeps no connection to a receiver that reads nothing', async () => {
    const { sockets, port } = await tcpReceiver();
    const connections = countConnections();
    const values = Array.from({ length: 64 }, (_, n) => ({
      ...{ value: 'arousal', as: `/${'a'.repeat(250)}/${n}` },
    }));
    const { sink } = openSink({ sink: `osc:tcp://127.0.0.1:${port}`, values }, { sendMs: 50 });
    await until(() => sockets.length === 1, 'the connection');
    sockets[0]!.pause();
    let seq = 0;
    await until(() => {
      if (sink.status.queued < 8) sink.push(frameOf('a', 7 * seq++));
      return sink.status.failures === 1;
    }, 'the full socket');
    await until(() => sockets.length === 2, 'the next connection');
    await until(() => connections() === 1, 'the end of the first one');
  });

  test('drops steps while the receiver is gone, says so once, and continues when it is back', async () => {
    const first = await udpReceiver();
    const { sink, lines } = openSink({ sink: `osc:127.0.0.1:${first.port}` }, { stableMs: 300 });
    sink.push(frameOf('a', 0));
    await until(() => first.packets.length === 1, 'the first bundle');
    first.close();
    let seq = 1;
    await until(() => {
      sink.push(frameOf('a', seq++));
      return sink.status.state === 'down' && sink.status.dropped > 5;
    }, 'dropped steps');
    expect(sink.status).toMatchObject({ message: 'ECONNREFUSED' });
    expect(sink.status.reason).toBe(
      `The sink osc:127.0.0.1:${first.port} is down: no program receives at its address.`,
    );
    expect(sink.status.queued).toBeLessThanOrEqual(16);
    const second = await udpReceiver(first.port);
    await until(() => {
      sink.push(frameOf('a', seq++));
      return sink.status.state === 'up' && second.packets.length > 0;
    }, 'the return');
    // Not a line for each attempt.
    expect(sink.status.failures).toBeGreaterThan(2);
    expect(lines.filter((line) => line.includes('is down'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('is up again after'))).toHaveLength(1);
    expect(sink.status.message).toBeNull();
  });

  test('states why an address cannot be used, and leaves no socket open', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((one) => one === 'UDPWrap').length;
    const before = sockets();
    const { sink } = openSink({ sink: 'osc:255.255.255.255:9000' });
    await until(() => sink.status.failures > 3, 'some attempts');
    expect(sink.status).toMatchObject({ state: 'down', message: 'EACCES' });
    expect(sockets()).toBeLessThanOrEqual(before + 1);
    await sink.close();
  });

  test('reconnects over TCP', async () => {
    const { received, sockets, port } = await tcpReceiver();
    const { sink } = openSink({ sink: `osc:tcp://127.0.0.1:${port}` });
    sink.push(frameOf('a', 0));
    await until(() => received.bytes.length > 0, 'the first bundle');
    sockets[0]!.destroy();
    await until(() => sink.status.state === 'down' || sockets.length > 1, 'the loss');
    await until(() => sink.status.state === 'up', 'the return');
    expect(sockets).toHaveLength(2);
    const before = received.bytes.length;
    sink.push(frameOf('a', 1));
    await until(() => received.bytes.length > before, 'another bundle');
  });

  test.each(['osc:127.0.0.1:9', 'osc:tcp://localhost:9'])(
    'connects to no private network from the API: %s',
    async (to) => {
      const { sink, lines } = openSink({ sink: to }, { guard: publicOnly() });
      await until(() => sink.status.state === 'down', 'the refusal');
      expect(sink.status.message).toBe('its address is in a private network');
      expect(lines).toHaveLength(1);
    },
  );
});

function unlength(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readInt32BE(at);
    if (at + 4 + length > bytes.length) break;
    packets.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return packets;
}

function unslip(bytes: Buffer): Buffer[] {
  return bytes
    .toString('latin1')
    .split('\xc0')
    .filter((part) => part !== '')
    .map((part) => Buffer.from(part.replace(/\xdb\xdc/g, '\xc0').replace(/\xdb\xdd/g, '\xdb'), 'latin1'));
}
