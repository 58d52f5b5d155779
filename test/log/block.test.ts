import { brotliCompressSync, crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrames, decodeSteps, encodeBlock } from '../../src/log/codec/block.ts';
import { columnsOf, frameReader } from '../../src/log/codec/frame-columns.ts';
import { type EmotionFrame, FORECAST_HORIZONS } from '../../src/types.ts';
import { frameOf } from '../server/support.ts';
import { syntheticFrames } from './synthetic-frames.ts';

const roundTrip = (frames: readonly EmotionFrame[]) => decodeFrames(encodeBlock(frames), 'a');

describe('a block', () => {
  test('decodes to exactly the same frames', () => {
    const frames = Array.from({ length: 700 }, (_, seq) => frameOf('a', seq, 1_700_000_000_000 + seq * 499));
    expect(roundTrip(frames)).toEqual(frames);
    expect(roundTrip(frames.slice(0, 1))).toEqual(frames.slice(0, 1));
    expect(roundTrip([])).toEqual([]);
  });

  test('takes at most 22 bytes for a frame of music as trackers emit it', () => {
    const frames = syntheticFrames('a', 2_400);
    const bytes = encodeBlock(frames);
    expect(decodeFrames(bytes, 'a')).toEqual(frames);
    expect(bytes.length / frames.length).toBeLessThan(22);
  });

  test('decodes any frames', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      fc.integer({ min: -1_000_000, max: 1_000_000 }).map((x) => x / 1e6),
      fc.constantFrom(-1, 0, 1, 1e-7, 2 ** 60, -(2 ** 45)),
    );
    const orNull = fc.option(number, { nil: null });
    const forecast = fc.constantFrom([], [0.5], [1, 2], FORECAST_HORIZONS).chain((horizons) =>
      fc.tuple(
        ...horizons.map((horizon) =>
          fc.record({
            horizon: fc.constant(horizon),
            valence: number,
            arousal: number,
            valenceLow: number,
            valenceHigh: number,
            arousalLow: number,
            arousalHigh: number,
          }),
        ),
      ),
    );
    const frame = fc.record({
      step: fc.integer({ min: 1, max: 5 }),
      ms: fc.integer({ min: 0, max: 4e12 }),
      valence: orNull,
      arousal: orNull,
      valenceSd: orNull,
      arousalSd: orNull,
      forecast,
      mood: fc.constantFrom(null, 'calm', 'happy', 'mélancolique'),
      loudness: orNull,
      activity: fc.constantFrom('music' as const, 'speech' as const, 'silence' as const),
      confidence: number,
      latencyMs: number,
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 60 }), (parts) => {
        let seq = -1;
        const frames = parts.map(({ step, ms, ...rest }): EmotionFrame => {
          seq += step;
          return {
            type: 'emotion',
            stream: 'a',
            seq,
            t: 0.5 * (seq + 1),
            time: new Date(ms).toISOString(),
            ...rest,
          };
        });
        expect(roundTrip(frames)).toEqual(frames.map((one) => ({ ...one, forecast: [...one.forecast] })));
      }),
      { numRuns: 300 },
    );
  });

  test('keeps numbers with six or more decimals among those with four', () => {
    const four = syntheticFrames('a', 300);
    const odd = { loudness: -100 / 7, latencyMs: 1e-9, valence: 0.123456 };
    const frames = four.map((frame, i) => (i % 10 === 3 ? { ...frame, ...odd } : frame));
    expect(roundTrip(frames)).toEqual(frames);
  });

  test('keeps nulls in some forecasts', () => {
    const frames = syntheticFrames('a', 50).map((frame, i) => ({
      ...frame,
      forecast: frame.forecast.map((one, place) =>
        place === 2 && i % 3 === 0 ? { ...one, arousalHigh: null as unknown as number } : one,
      ),
    }));
    expect(roundTrip(frames)).toEqual(frames);
  });

  test('without a field that was added later gives null for it', () => {
    const frames = syntheticFrames('a', 20);
    const { columns, words } = columnsOf(frames);
    const read = (name: string) =>
      name === 'loudness' || name === '1.valenceLow'
        ? undefined
        : columns.find((column) => column.name === name)?.values;
    const expected = frames.map((frame) => ({
      ...frame,
      loudness: null,
      forecast: frame.forecast.map((one, place) => (place === 1 ? { ...one, valenceLow: null } : one)),
    }));
    expect(frames.map((_, row) => frameReader(read, words, 'a')(row))).toEqual(expected);
  });

  test('of an unknown version is rejected', () => {
    const bytes = Buffer.from(encodeBlock(syntheticFrames('a', 20)));
    bytes[0] = 9;
    bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
    expect(() => decodeFrames(bytes, 'a')).toThrow(/version 9, which this undertone does not know/);
  });

  test('decodes only the columns that buckets need', () => {
    const frames = Array.from({ length: 200 }, (_, seq) => frameOf('a', seq, 1_700_000_000_000 + seq * 500));
    const steps = decodeSteps(encodeBlock(frames));
    const orNull = (values: Float64Array) => [...values].map((value) => (Number.isNaN(value) ? null : value));
    expect(orNull(steps.valence)).toEqual(frames.map((frame) => frame.valence));
    expect(orNull(steps.loudness)).toEqual(frames.map((frame) => frame.loudness));
    expect([...steps.confidence]).toEqual(frames.map((frame) => frame.confidence));
    expect(Array.from(steps.mood, (place) => steps.moods[place - 1] ?? null)).toEqual(
      frames.map(({ mood }) => mood),
    );
  });

  test('that is damaged is detected', () => {
    const frames = Array.from({ length: 50 }, (_, seq) => frameOf('a', seq));
    const bytes = encodeBlock(frames);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at]! ^= bits;
        expect(() => decodeFrames(damaged, 'a')).toThrow(expect.objectContaining({ code: 'log-damaged' }));
      }),
    );
    expect(() => decodeFrames(bytes.subarray(0, bytes.length / 2), 'a')).toThrow(
      expect.objectContaining({ code: 'log-damaged' }),
    );
    expect(() => decodeFrames(new Uint8Array(), 'a')).toThrow(
      expect.objectContaining({ code: 'log-damaged' }),
    );
  });

  describe('that is damaged, with a valid checksum', () => {
    /** A block of a header and column bytes; without a header, of the bytes as they are. */
    function blockOf(header: object | undefined, bytes = Buffer.alloc(0)): Uint8Array {
      const line = header ? Buffer.from(`${JSON.stringify(header)}\n`) : Buffer.alloc(0);
      return sealed(Buffer.concat([Buffer.from([2]), brotliCompressSync(Buffer.concat([line, bytes]))]));
    }

    function sealed(content: Buffer): Uint8Array {
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32BE(crc32(content));
      return Buffer.concat([content, checksum]);
    }

    const column = (name: string, over: object = {}) => ({
      ...{ name, decimals: 0, width: 0, steps: true, start: 0, guess: [] },
      ...over,
    });
    const seqAndTime = [column('seq'), column('time')];

    test.each<[string, Uint8Array]>([
      ['no header', blockOf(undefined)],
      ['no JSON', blockOf(undefined, Buffer.from('{"frames":\n'))],
      ['too many frames', blockOf({ frames: 2 ** 40, words: {}, columns: seqAndTime })],
      [
        'columns that are too short',
        blockOf({ frames: 9, words: {}, columns: [column('seq', { width: 2 })] }),
      ],
      ['bytes after the columns', blockOf({ frames: 1, words: {}, columns: seqAndTime }, Buffer.alloc(5))],
      ['a guess of itself', blockOf({ frames: 1, words: {}, columns: [column('seq', { guess: [[0, 1]] })] })],
      ['a narrow float', blockOf({ frames: 1, words: {}, columns: [column('seq', { decimals: -1 })] })],
      ['no column of times', blockOf({ frames: 1, words: {}, columns: [column('seq')] })],
      ['a stream that expands without end', blockOf(undefined, Buffer.alloc(80 * 1024 * 1024))],
      ['version 1 and a huge length', sealed(Buffer.from([1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]))],
      ['version 1 and empty runs', sealed(Buffer.from([1, 3, ...new Array<number>(40).fill(0)]))],
    ])('%s is reported', (_what, bytes) => {
      expect(() => decodeFrames(bytes, 'a')).toThrow(expect.objectContaining({ code: 'log-damaged' }));
    });
  });
});
