import { createSocket } from 'node:dgram';
import { Packet } from 'sacn';
import { describe, expect, onTestFinished, test } from 'vitest';
import { publicOnly } from '../../../src/stream/sources/http/address-guard.ts';
import { frameOf, until } from '../../server/support.ts';
import { openSink } from '../support.ts';

async function receiver() {
  const packets: Buffer[] = [];
  const socket = createSocket('udp4', (packet) => packets.push(packet));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  let isOpen = true;
  const close = () => {
    if (isOpen) socket.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { packets, port: socket.address().port, close };
}

const values = [
  { value: 'arousal', as: '7' },
  { value: 'valence', as: '512', to: [200, 100] as [number, number] },
  { value: 'loudness', as: '1', on: -20, off: -30 },
];

describe('sacn:', () => {
  test('sends a universe with a priority, fades, keeps alive, and ends the stream when it closes', async () => {
    const { packets, port } = await receiver();
    const { sink } = openSink({ sink: `sacn:127.0.0.1:${port}?universe=258&priority=0&fade=200ms`, values });
    const parsed = () => packets.map((packet) => new Packet(packet));
    const levelsOf = (packet: Packet, channel: number) => packet.payloadAsBuffer![channel - 1]!;

    sink.push({ ...frameOf('a', 0), arousal: -1, valence: -1, loudness: -14 });
    await until(() => packets.length >= 1, 'the first packet');
    expect(packets[0]).toHaveLength(638);
    const [first] = parsed() as [Packet];
    expect(first).toMatchObject({ universe: 258, sourceName: 'undertone', priority: 0, sequence: 0 });
    // The first levels are not faded to.
    expect([1, 7, 512].map((channel) => levelsOf(first, channel))).toEqual([255, 0, 200]);

    const sent = packets.length;
    sink.push({ ...frameOf('a', 1), arousal: 1, valence: 1, loudness: -40 });
    await until(() => levelsOf(parsed().at(-1)!, 7) === 255, 'the end of the fade');
    const arousal = parsed().map((packet) => levelsOf(packet, 7));
    expect(arousal).toEqual([...arousal].sort((a, b) => a - b));
    expect(levelsOf(parsed()[sent]!, 1)).toBe(0); // A switch does not fade.
    expect(levelsOf(parsed().at(-1)!, 512)).toBe(100);

    const before = packets.length;
    await until(() => packets.length > before, 'a packet that keeps the stream alive');
    expect(levelsOf(parsed().at(-1)!, 7)).toBe(255);
    sink.push(frameOf('a', 6)); // Silence: the levels stay, and the switch is off.
    await until(() => sink.status.delivered === 3, 'the third step');
    await sink.close();
    await until(() => parsed().filter(({ options }) => options === 0x40).length === 3, 'the end');
    expect(levelsOf(parsed().at(-1)!, 7)).toBe(255);
    expect(parsed().map(({ sequence }) => sequence)).toEqual(packets.map((_, n) => n % 256));
    expect(new Set(parsed().map(({ cid }) => cid.toString('hex')))).toHaveLength(1);
  });

  test('reports a receiver on this computer that is gone', async () => {
    const { port, close } = await receiver();
    close();
    const { sink } = openSink({ sink: `sacn:127.0.0.1:${port}` });
    let seq = 0;
    await until(() => {
      sink.push(frameOf('a', seq++ % 6));
      return sink.status.state === 'down';
    }, 'the loss');
    expect(sink.status.message).toBe('ECONNREFUSED');
  });

  test.each(['sacn:', 'sacn:192.168.1.5', 'artnet:10.255.255.255'])(
    'sends to no private network from the API: %s',
    async (to) => {
      const { sink } = openSink({ sink: to }, { guard: publicOnly() });
      await until(() => sink.status.state === 'down', 'the refusal');
      expect(sink.status.message).toBe('its address is in a private network');
    },
  );
});

test('artnet: sends ArtDmx packets', async () => {
  const { packets, port } = await receiver();
  const { sink } = openSink({ sink: `artnet:127.0.0.1:${port}?universe=513&fade=0s`, values });
  sink.push({ ...frameOf('a', 0), arousal: 1, valence: -1, loudness: -14 });
  await until(() => packets.length === 1, 'a packet');
  sink.push({ ...frameOf('a', 1), arousal: -1 });
  await until(() => packets.length === 2, 'another packet');
  const [first, second] = packets as [Buffer, Buffer];
  expect(first.toString('latin1', 0, 8)).toBe('Art-Net\0');
  expect([...first.subarray(8, 18)]).toEqual([0, 0x50, 0, 14, 1, 0, 1, 2, 2, 0]);
  expect([first[18], first[18 + 6], first[18 + 511]]).toEqual([255, 255, 200]);
  expect(first).toHaveLength(530);
  expect([second[12], second[18 + 6]]).toEqual([2, 0]);
});

test.each([
  [{ sink: 'sacn:?universe=0' }, 'expected universe to be a whole number from 1 to 63999'],
  [{ sink: 'sacn:?priority=201' }, 'expected priority'],
  [{ sink: 'sacn:?interface=eth0' }, 'expected interface to be an address'],
  [{ sink: 'sacn:?fade=soon' }, 'expected fade to be a time'],
  [{ sink: 'artnet:' }, 'expected a host and a port'],
  [{ sink: 'sacn:', values: [{ value: 'arousal' }] }, 'expected a channel from 1 to 512 as'],
  [{ sink: 'sacn:', values: [{ value: 'arousal', as: '513' }] }, 'expected a channel from 1 to 512'],
  [{ sink: 'sacn:', values: [{ value: 'mood', as: '1' }] }, 'expected numbers only: mood is a word'],
  [{ sink: 'sacn:', values: [{ value: 'forecast/5', as: '1' }] }, 'expected one axis'],
  [
    { sink: 'sacn:', values: [{ value: 'arousal', as: '1', to: [0, 256] as [number, number] }] },
    'expected levels',
  ],
  [{ sink: 'sacn:', values: [{ value: 'arousal', as: '1', on: 0, edge: 'on' as const }] }, 'expected no'],
])('rejects %j in a sentence', (entry, message) => {
  expect(() => openSink(entry)).toThrow(message);
});
