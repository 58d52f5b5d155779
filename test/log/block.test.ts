import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrames, decodeSteps, encodeBlock } from '../../src/log/codec/block.ts';
import { columnsOf, frameReader } from '../../src/log/codec/frame-columns.ts';
import { type EmotionFrame, FORECAST_HORIZONS } from '../../src/types.ts';
import { frameOf } from '../server/support.ts';
import { playedFrames } from './played-frames.ts';

const back = (frames: readonly EmotionFrame[]) => decodeFrames(encodeBlock(frames), 'a');

describe('a block', () => {
  test('gives frames back exactly as they were emitted', () => {
    const frames = Array.from({ length: 700 }, (_, seq) => frameOf('a', seq, 1_700_000_000_000 + seq * 499));
    expect(back(frames)).toEqual(frames);
    expect(back(frames.slice(0, 1))).toEqual(frames.slice(0, 1));
    expect(back([])).toEqual([]);
  });

  test('takes at most 22 bytes for a frame of music as trackers emit it', () => {
    const frames = playedFrames('a', 2_400);
    const bytes = encodeBlock(frames);
    expect(decodeFrames(bytes, 'a')).toEqual(frames);
    expect(bytes.length / frames.length).toBeLessThan(22);
  });

  test('of any frames at all gives them back', () => {
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
        expect(back(frames)).toEqual(frames.map((one) => ({ ...one, forecast: [...one.forecast] })));
      }),
      { numRuns: 300 },
    );
  });

  test('keeps numbers of six decimals, and of any, beside those of four', () => {
    const four = playedFrames('a', 300);
    const odd = { loudness: -100 / 7, latencyMs: 1e-9, valence: 0.123456 };
    const frames = four.map((frame, i) => (i % 10 === 3 ? { ...frame, ...odd } : frame));
    expect(back(frames)).toEqual(frames);
  });

  test('keeps what is null in some forecasts', () => {
    const frames = playedFrames('a', 50).map((frame, i) => ({
      ...frame,
      forecast: frame.forecast.map((one, place) =>
        place === 2 && i % 3 === 0 ? { ...one, arousalHigh: null as unknown as number } : one,
      ),
    }));
    expect(back(frames)).toEqual(frames);
  });

  test('from before a field was added has null for it', () => {
    const frames = playedFrames('a', 20);
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

  test('of a version that is not known is refused', () => {
    const bytes = Buffer.from(encodeBlock(playedFrames('a', 20)));
    bytes[0] = 9;
    bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
    expect(() => decodeFrames(bytes, 'a')).toThrow(/version 9, which this undertone does not know/);
  });

  test('gives buckets what they need without the rest', () => {
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

  test('that is damaged is told from a sound one', () => {
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
});
