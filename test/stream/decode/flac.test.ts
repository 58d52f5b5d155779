import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { FlacDecoder } from '../../../src/stream/decode/flac.ts';
import { crc16 } from '../../../src/stream/decode/flac-frame.ts';
import { lenaFile } from '../../support/audio.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';
import { unhandledRejections } from '../../support/unhandled.ts';

const decode = (bytes: Uint8Array, size = 65_536) => collect(decodeStream(inPieces(bytes, size)));

const FLAC = readFileSync(lenaFile('flac'));

/** An ID3v1 tag. */
const ID3V1 = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 'Song')]);
/** An APEv2 tag with header, a large item and footer. */
const APE = (bytes: number) => {
  const part = Buffer.alloc(32);
  part.write('APETAGEX');
  part.writeUInt32LE(2000, 8);
  part.writeUInt32LE(bytes + 32, 12);
  // Bytes that look like the start of a frame, as in a picture.
  const item = Buffer.alloc(bytes, Buffer.of(0xff, 0xf8, 0xc9, 0x18, 0x55, 0xaa, 0));
  return Buffer.concat([part, item, part]);
};
const LYRICS = Buffer.from('LYRICSBEGININD0000200LYR00011la la la la000047LYRICS200');

/** Positions of total samples and of the frames. */
const TOTAL = 8 + 14;
const FIRST_FRAME = FLAC.indexOf(Buffer.of(0xff, 0xf8));

describe('FLAC', () => {
  let whole: Float32Array;
  beforeAll(async () => {
    whole = (await decode(FLAC)).samples;
    expect(whole.length).toBe(FLAC.readUInt32BE(TOTAL));
  });

  it('whose codec cannot be loaded is an error, also where it is closed', async () => {
    const errors = unhandledRejections();
    vi.doMock('@wasm-audio-decoders/flac', () => ({
      FLACDecoder: class {
        ready = Promise.reject(new RangeError('out of memory'));
      },
    }));
    onTestFinished(() => void vi.doUnmock('@wasm-audio-decoders/flac'));
    const decoder = new FlacDecoder();
    await expect(decoder.decode(FLAC)).rejects.toThrow('out of memory');
    decoder.free();
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors).toEqual([]);
  });

  it('has samples on the same scale as WAV', () => {
    expect(whole.every((value) => Number.isInteger(value * 32_768))).toBe(true);
  });

  it.each([
    ['an ID3v1 tag', ID3V1],
    ['an APEv2 tag', APE(300)],
    ['an APEv2 tag with a picture', APE(400_000)],
    ['Lyrics3 and ID3v1', Buffer.concat([LYRICS, ID3V1])],
    ['APEv2 and ID3v1', Buffer.concat([APE(70), ID3V1])],
    ['zeros', Buffer.alloc(4096)],
    ['many zeros', Buffer.alloc(300_000)],
  ])('keeps its last frame before %s', async (_, tail) => {
    for (const size of [1000, 4099, 65_536]) {
      const { samples } = await decode(Buffer.concat([FLAC, tail]), size);
      expect(sameSamples(samples, whole)).toBe(true);
    }
  });

  it('keeps its last frame in pieces of one byte', async () => {
    const end = Buffer.concat([FLAC.subarray(0, FIRST_FRAME), FLAC.subarray(-20_000), ID3V1]);
    expect((await decode(end, 1)).samples.length).toBe((await decode(end)).samples.length);
  });

  it.each([
    ['0', 0],
    ['too few', 1000],
    ['a few too many', 100],
  ])('decodes all of a recording that announces %s samples', async (kind, value) => {
    const bytes = Buffer.from(FLAC);
    bytes.writeUInt32BE(kind === 'a few too many' ? whole.length + value : value, TOTAL);
    expect(sameSamples((await decode(bytes)).samples, whole)).toBe(true);
  });

  it('keeps the time where frames are damaged or missing', async () => {
    const damaged = Buffer.from(FLAC);
    damaged.fill(0x5a, 100_000, 130_000);
    const missing = Buffer.concat([FLAC.subarray(0, 100_000), FLAC.subarray(130_000)]);
    for (const bytes of [damaged, missing]) {
      const { samples } = await decode(bytes, 8192);
      expect(samples.length).toBe(whole.length);
      const lost = samples.filter(Number.isNaN).length;
      expect(lost).toBeGreaterThan(10_000);
      expect(lost).toBeLessThan(100_000);
      expect(samples.every((value, i) => Number.isNaN(value) || value === whole[i])).toBe(true);
    }
  });

  it('reports damage in the last frame', async () => {
    const bytes = Buffer.from(FLAC);
    bytes[bytes.length - 50]! ^= 1;
    await expect(decode(bytes)).rejects.toMatchObject({ code: 'truncated-audio' });
    await expect(decode(FLAC.subarray(0, -50))).rejects.toMatchObject({ code: 'truncated-audio' });
  });

  it('goes on with a second stream that follows directly or after a tag', async () => {
    for (const between of [Buffer.alloc(0), ID3V1]) {
      const { samples } = await decode(Buffer.concat([FLAC, between, FLAC]), 5000);
      expect(samples.length).toBe(2 * whole.length);
      expect(sameSamples(samples.subarray(whole.length), whole)).toBe(true);
    }
  });

  it('keeps a frame whose samples look like the header of another', async () => {
    const header = frameHeader(7);
    const samples = Buffer.alloc(2 * FRAME_SAMPLES, 3);
    header.copy(samples, 101);
    const frames = [Buffer.alloc(samples.length, 1), samples, Buffer.alloc(samples.length, 2)];
    const bytes = Buffer.concat([FLAC_HEADER, ...frames.map((frame, i) => verbatimFrame(i, frame))]);
    for (const size of [100, 65_536]) {
      const decoded = (await decode(bytes, size)).samples;
      expect(decoded.length).toBe(3 * FRAME_SAMPLES);
      const expected = Buffer.concat(frames);
      expect(decoded.every((value, i) => value === expected.readInt16BE(2 * i) / 32_768)).toBe(true);
    }
  });

  it('decodes frames together as one by one', async () => {
    const damaged = Buffer.from(FLAC);
    damaged.fill(0x5a, 100_000, 130_000);
    for (const bytes of [FLAC, damaged]) {
      const [together, alone] = [await decode(bytes, FLAC.length), await decode(bytes, 500)];
      expect(bytesOf(together.samples).equals(bytesOf(alone.samples))).toBe(true);
    }
  });
});

/** As `sameSamples` compares, but NaN equals NaN. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

const FRAME_SAMPLES = 256;

/** STREAMINFO of 16-bit mono at 44.1 kHz of unknown length. */
const FLAC_HEADER = Buffer.from('664c614380000022010001000000000000000ac440f0'.padEnd(84, '0'), 'hex');

/** A frame of 16-bit mono with the samples as they are. @param samples big-endian */
function verbatimFrame(number: number, samples: Buffer): Buffer {
  const frame = Buffer.concat([frameHeader(number), Buffer.of(2), samples]);
  const crc = crc16(frame, 0, frame.length);
  return Buffer.concat([frame, Buffer.of(crc >> 8, crc & 255)]);
}

function frameHeader(number: number): Buffer {
  const header = Buffer.of(0xff, 0xf8, 0x69, 0x08, number, FRAME_SAMPLES - 1);
  let crc = 0;
  for (const byte of header) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 7) & 0xff : crc << 1;
  }
  return Buffer.concat([header, Buffer.of(crc)]);
}
