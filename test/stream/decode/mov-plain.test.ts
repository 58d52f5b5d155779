import { expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';

const RATE_HZ = 44_100;
const FRAMES = 3000;

function box(name: string, ...bodies: Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + bodies.reduce((sum, { length }) => sum + length, 0));
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, ...bodies]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

/** A sample description of version 0, or with `lpcm` of version 2. */
function description(format: string, { channels, bits, flags = 0 }: Stored): Buffer {
  const isV2 = format === 'lpcm';
  const entry = Buffer.alloc(isV2 ? 64 : 28);
  entry.writeUInt16BE(1, 6);
  if (isV2) {
    entry.writeUInt16BE(2, 8);
    entry.writeUInt32BE(72, 28);
    entry.writeDoubleBE(RATE_HZ, 32);
    entry.writeUInt32BE(channels, 40);
    entry.writeUInt32BE(bits, 48);
    entry.writeUInt32BE(flags, 52);
  } else {
    entry.writeUInt16BE(channels, 16);
    entry.writeUInt16BE(bits, 18);
    entry.writeUInt16BE(RATE_HZ, 24);
  }
  return box(format, entry);
}

interface Stored {
  readonly channels: number;
  readonly bits: number;
  readonly flags?: number;
}

/** Two chunks, of 1,000 and 2,000 samples per channel, with other bytes between them. */
function mov(format: string, stored: Stored, data: Buffer, announced = FRAMES): Buffer {
  const frameBytes = (stored.channels * stored.bits) / 8;
  const at = 8 + 12;
  const table = box(
    'stbl',
    box('stsd', words(0, 1), description(format, stored)),
    box('stsz', words(0, 1, announced)),
    box('stsc', words(0, 2, 1, 1000, 1, 2, 2000, 1)),
    box('stco', words(0, 2, at, at + 1000 * frameBytes + 77)),
  );
  const moov = box('moov', box('trak', box('mdia', box('minf', table))));
  const samples = [
    data.subarray(0, 1000 * frameBytes),
    Buffer.alloc(77, 0xee),
    data.subarray(1000 * frameBytes),
  ];
  return Buffer.concat([box('ftyp', Buffer.from('qt  ')), box('mdat', ...samples), moov]);
}

/** Both channels are equal at first: they must stay two. */
const stereo = Int16Array.from({ length: 2 * FRAMES }, (_, i) => (i < 2000 ? 500 * (i >> 1) : 7919 * i));
const little = Buffer.from(stereo.buffer);
const float = (write: 'writeFloatBE' | 'writeFloatLE') => {
  const bytes = Buffer.alloc(4 * stereo.length);
  for (const [i, x] of stereo.entries()) bytes[write](x / 32_768, 4 * i);
  return bytes;
};

it.each([
  ['sowt', { channels: 2, bits: 16 }, little],
  ['twos', { channels: 2, bits: 16 }, Buffer.from(little).swap16()],
  ['fl32', { channels: 2, bits: 32 }, float('writeFloatBE')],
  ['lpcm', { channels: 2, bits: 32, flags: 1 }, float('writeFloatLE')],
  ['lpcm', { channels: 2, bits: 16, flags: 4 }, little],
] as const)('reads %s in MOV, wherever its bytes are cut: %o', async (format, stored, data) => {
  for (const size of [65_536, 777]) {
    const audio = await collect(decodeStream(inPieces(mov(format, stored, data), size)));
    expect(audio).toMatchObject({ sampleRateHz: RATE_HZ, channels: 2 });
    const wanted = Float32Array.from(stereo, (x) => x / 32_768);
    expect(sameSamples(audio.samples, wanted)).toBe(true);
  }
});

it('holds no size of each sample, so the length of a recording is not limited', async () => {
  const long = mov('sowt', { channels: 2, bits: 16 }, little, 0xffff_fff0);
  const audio = await collect(decodeStream(inPieces(long, 65_536)));
  expect(audio.samples.length).toBe(2 * FRAMES);
});
