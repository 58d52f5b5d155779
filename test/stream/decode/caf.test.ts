import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { packetsComeFirst, paktFirst } from '../../../src/stream/decode/pakt-first.ts';
import { lenaFile } from '../../support/audio.ts';
import { caf, cafChunk, data, desc, pakt } from '../../support/caf.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';

const decode = (bytes: Uint8Array, size = 65_536) => collect(decodeStream(inPieces(bytes, size)));

const PACKET = 512;

/** Apple Lossless: its configuration, and stereo packets that are stored uncompressed (escape elements). */
function alac(samples: Int16Array): { cookie: Buffer; packets: Buffer[] } {
  const cookie = Buffer.alloc(24);
  cookie.writeUInt32BE(PACKET);
  cookie.set([0, 16, 40, 10, 14, 2, 0, 255], 4);
  cookie.writeUInt32BE(44_100, 20);
  const packets: Buffer[] = [];
  for (let at = 0; at < samples.length; at += 2 * PACKET) {
    const values = samples.subarray(at, at + 2 * PACKET);
    let bits = `001${'0'.repeat(16)}1001${(values.length / 2).toString(2).padStart(32, '0')}`;
    for (const value of values) bits += (value & 0xffff).toString(2).padStart(16, '0');
    bits += '111';
    bits = bits.padEnd(8 * Math.ceil(bits.length / 8), '0');
    packets.push(Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2))));
  }
  return { cookie, packets };
}

const SAMPLES = Int16Array.from({ length: 2 * 4000 }, (_, i) => Math.round(20_000 * Math.sin(i * i)));
const EXPECTED = Float32Array.from(SAMPLES, (value) => value / 32_768);
const ALAC = { sampleRateHz: 44_100, channels: 2, packetSamples: PACKET };

/** The frames of ADTS AAC without their headers. */
function adtsPackets(bytes: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 0; at + 7 <= bytes.length; ) {
    const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
    packets.push(bytes.subarray(at + (bytes[at + 1]! & 1 ? 7 : 9), at + length));
    at += length;
  }
  return packets;
}

/** The packets of an Ogg file, without its two headers. */
function oggPackets(bytes: Uint8Array): Buffer[] {
  const packets: Buffer[] = [];
  let open: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const segments = bytes[at + 26]!;
    let body = at + 27 + segments;
    for (const size of bytes.subarray(at + 27, body)) {
      open.push(bytes.subarray(body, body + size));
      body += size;
      if (size === 255) continue;
      packets.push(Buffer.concat(open));
      open = [];
    }
    at = body;
  }
  return packets.slice(2);
}

describe('CAF', () => {
  const { cookie, packets } = alac(SAMPLES);
  const head = [desc('alac', ALAC), cafChunk('kuki', cookie)];

  it.each([64, 1000, 65_536])('decodes Apple Lossless exactly, in pieces of %i bytes', async (size) => {
    const before = caf(...head, pakt(packets), cafChunk('free', Buffer.alloc(999)), data(packets));
    const audio = await decode(before, size);
    expect(audio).toMatchObject({ sampleRateHz: 44_100, channels: 2 });
    expect(sameSamples(audio.samples, EXPECTED)).toBe(true);
    const after = caf(...head, data(packets), cafChunk('free', Buffer.alloc(999)), pakt(packets));
    expect(sameSamples((await decode(after, size)).samples, EXPECTED)).toBe(true);
  });

  it('moves the packet table to the front, so that the file is not held in memory', async () => {
    const bytes = caf(...head, data(packets), pakt(packets), cafChunk('info', Buffer.alloc(50)));
    expect(packetsComeFirst(bytes)).toBe(true);
    const pieces: Uint8Array[] = [];
    const read = async (at: number, length: number) => bytes.subarray(at, at + length);
    for await (const piece of paktFirst({ size: bytes.length, read })) pieces.push(piece);
    const ordered = Buffer.concat(pieces);
    expect(ordered.length).toBe(bytes.length);
    expect(packetsComeFirst(ordered)).toBe(false);
    expect(sameSamples((await decode(ordered)).samples, EXPECTED)).toBe(true);
  });

  it('reads to the end where the data chunk has no size, and drops the samples that the encoder added', async () => {
    const open = caf(...head, pakt(packets), data(packets, -1));
    expect(sameSamples((await decode(open)).samples, EXPECTED)).toBe(true);
    const trimmed = await decode(caf(...head, pakt(packets, 3000, 100), data(packets)));
    expect(sameSamples(trimmed.samples, EXPECTED.subarray(200, 6200))).toBe(true);
  });

  it('keeps the time where a packet is damaged', async () => {
    const damaged = packets.map((packet, i) => (i === 3 ? Buffer.from(packet).fill(0x3f, 0, 4) : packet));
    const { samples } = await decode(caf(...head, pakt(damaged), data(damaged)));
    expect(samples.length).toBe(EXPECTED.length);
    const [from, to] = [2 * 3 * PACKET, 2 * 4 * PACKET];
    expect(samples.subarray(from, to).every(Number.isNaN)).toBe(true);
    expect(sameSamples(samples.subarray(to), EXPECTED.subarray(to))).toBe(true);
  });

  it('reports a missing end', async () => {
    const bytes = caf(...head, pakt(packets), data(packets));
    await expect(decode(bytes.subarray(0, bytes.length - 100))).rejects.toMatchObject({
      code: 'truncated-audio',
    });
    const shortTable = caf(...head, pakt(packets.slice(0, 4)), data(packets));
    await expect(decode(shortTable)).rejects.toMatchObject({ code: 'truncated-audio' });
    const withoutTable = caf(...head, data(packets));
    await expect(decode(withoutTable)).rejects.toThrow('its table of packets is missing');
  });

  it.each([
    ['A-law', 'alaw', 0xd5, 8],
    ['µ-law', 'ulaw', 0x00, -32_124],
  ])('reads %s at its level', async (_, format, byte, value) => {
    const layout = { sampleRateHz: 8000, channels: 1, packetBytes: 1, packetSamples: 1 };
    const { samples } = await decode(caf(desc(format, layout), data([Buffer.alloc(100, byte)])));
    expect(sameSamples(samples, new Float32Array(100).fill(value / 32_768))).toBe(true);
  });

  it.each([
    ['24 bits in 3 bytes, little-endian', 24, 3, 2, [0x56, 0x34, 0x92]],
    ['24 bits in 4 bytes', 24, 4, 0, [0x92, 0x34, 0x56, 0]],
    ['20 bits in 3 bytes', 20, 3, 0, [0x92, 0x34, 0x56]],
  ])('reads PCM of %s', async (_, bits, packetBytes, flags, bytes) => {
    const layout = { sampleRateHz: 8000, channels: 1, packetBytes, packetSamples: 1, bits, flags };
    const file = caf(desc('lpcm', layout), data(new Array(100).fill(Buffer.from(bytes))));
    const { samples } = await decode(file, 7);
    expect(sameSamples(samples, new Float32Array(100).fill((0x923456 - 2 ** 24) / 2 ** 23))).toBe(true);
  });

  it.each(['an ES descriptor', 'the plain configuration', 'nothing'])(
    'decodes AAC whose cookie is %s',
    async (kind) => {
      const bytes = readFileSync(lenaFile('aac'));
      const frames = adtsPackets(bytes);
      const channels = ((bytes[2]! & 1) << 2) | (bytes[3]! >> 6);
      const config = [0x12, channels << 3];
      const es = [3, 25, 0, 0, 0, 4, 0x80, 17, 0x40, 0x15, ...new Array(11).fill(0), 5, 2, ...config];
      const kuki = { 'an ES descriptor': es, 'the plain configuration': config, nothing: [] }[kind]!;
      const format = desc('aac', { sampleRateHz: 44_100, channels, packetSamples: 1024 });
      const audio = await decode(
        caf(format, cafChunk('kuki', Buffer.from(kuki)), data(frames), pakt(frames)),
        5000,
      );
      const expected = await decode(bytes);
      const left = (a: typeof audio) => a.samples.filter((_, i) => i % a.channels === 0);
      expect(sameSamples(left(audio), left(expected))).toBe(true);
    },
  );

  it('decodes Opus', async () => {
    const bytes = readFileSync(lenaFile('opus'));
    const [frames, channels] = [oggPackets(bytes), bytes[37]!];
    const format = desc('opus', { sampleRateHz: 48_000, channels, packetSamples: 960 });
    const preSkip = bytes.readUInt16LE(38);
    const expected = await decode(bytes);
    const valid = expected.samples.length / expected.channels;
    const audio = await decode(caf(format, data(frames), pakt(frames, valid, preSkip)));
    expect(audio).toMatchObject({ sampleRateHz: 48_000, channels });
    expect(sameSamples(audio.samples, expected.samples)).toBe(true);
  });

  it.each([
    ['.mp3', 'mp3'],
    ['flac', 'flac'],
  ])('decodes %s, which needs no packet table', async (format, extension) => {
    const bytes = readFileSync(lenaFile(extension));
    const start = extension === 'flac' ? bytes.indexOf(Buffer.of(0xff, 0xf8)) : 0;
    const expected = await decode(bytes);
    const layout = { sampleRateHz: 44_100, channels: 1, packetSamples: 1152 };
    const audio = await decode(caf(desc(format, layout), data([bytes.subarray(start)])), 3000);
    expect(sameSamples(audio.samples, expected.samples)).toBe(true);
  });

  it.each([
    ['channels', desc('ima4', { sampleRateHz: 44_100, channels: 4_000_000_000 })],
    ['no channel', desc('lpcm', { sampleRateHz: 44_100, channels: 0, bits: 16 })],
    ['no rate', desc('lpcm', { sampleRateHz: 0, channels: 1, bits: 16 })],
    ['samples', desc('opus', { sampleRateHz: 48_000, channels: 1, packetSamples: 4_000_000_000 })],
    ['bytes', desc('opus', { sampleRateHz: 48_000, channels: 1, packetBytes: 4_000_000_000 })],
  ])('reserves no memory for what only damage announces: %s', async (_, description) => {
    const file = caf(description, data([Buffer.alloc(5000)]));
    await expect(decode(file)).rejects.toMatchObject({ code: 'bad-audio' });
  });

  it('names an encoding that nothing decodes', async () => {
    const bytes = caf(desc('QDM2', { sampleRateHz: 44_100, channels: 2 }), data([Buffer.alloc(9000)]));
    await expect(decode(bytes)).rejects.toMatchObject({
      code: 'bad-audio',
      message:
        'The input is CAF with QDesign Music 2 inside, which undertone cannot decode: convert it to FLAC or MP3.',
    });
  });
});
