import { expect, test } from 'vitest';
import { pickChannels } from '../../../src/stream/sources/soundcard/pick-channels.ts';

/** Three frames of four channels: 11, 12, 13, 14, 21, … */
const SAMPLES = new Uint8Array(Float32Array.of(11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34).buffer);
const floats = (bytes: Uint8Array) => [...new Float32Array(bytes.slice().buffer)];

test.each([
  [{ first: 1, count: 2 }, [11, 12, 21, 22, 31, 32]],
  [{ first: 3, count: 2 }, [13, 14, 23, 24, 33, 34]],
  [{ first: 4, count: 1 }, [14, 24, 34]],
])('picks %o of four channels', (choice, expected) => {
  expect(floats(pickChannels(SAMPLES, { total: 4, ...choice }))).toEqual(expected);
});

test('all channels are the same bytes', () => {
  expect(pickChannels(SAMPLES, { total: 4, first: 1, count: 4 })).toBe(SAMPLES);
});

test('reads bytes at any offset', () => {
  const shifted = new Uint8Array(SAMPLES.length + 1);
  shifted.set(SAMPLES, 1);
  expect(floats(pickChannels(shifted.subarray(1), { total: 4, first: 2, count: 1 }))).toEqual([12, 22, 32]);
});
