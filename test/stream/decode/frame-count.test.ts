import { expect, it } from 'vitest';
import { frameCount } from '../../../src/stream/decode/frame-count.ts';

/** Frames of one size, each with this header and zeros. */
function frames(header: readonly number[], bytes: number, count: number): Uint8Array {
  const all = new Uint8Array(bytes * count);
  for (let at = 0; at < all.length; at += bytes) all.set(header, at);
  return all;
}

it.each([
  ['ac3', 'AC-3, 48 kHz, 192 kbit/s', [0x0b, 0x77, 0, 0, 0x14, 0x40, 0x50, 0], 768, 1536],
  ['ac3', 'AC-3, 44.1 kHz, 192 kbit/s, padded', [0x0b, 0x77, 0, 0, 0x55, 0x40, 0x50, 0], 836, 1536],
  ['eac3', 'E-AC-3, 48 kHz, 6 blocks', [0x0b, 0x77, 0x01, 0x7f, 0x34, 0x80, 0, 0], 768, 1536],
  ['dts', 'DTS, 16 blocks', [0x7f, 0xfe, 0x80, 0x01, 0xfc, 0x3c, 0x3f, 0xf0], 1024, 512],
] as const)('counts the frames of %s: %s', (type, _, header, bytes, samples) => {
  const stream = frames(header, bytes, 100);
  for (const size of [stream.length, 1000, 7]) {
    const end = frameCount(type)!;
    for (let at = 0; at < stream.length; at += size) end.push(stream.subarray(at, at + size));
    expect(end.truncated(100 * samples)).toBe(false);
    expect(end.truncated(90 * samples)).toBe(true);
  }
});

it('finds the next frame after damage', () => {
  const stream = frames([0x0b, 0x77, 0, 0, 0x14, 0x40, 0x50, 0], 768, 100);
  for (let frame = 0; frame < 50; frame += 5) stream[768 * frame] = 0;
  const end = frameCount('ac3')!;
  end.push(stream);
  expect(end.truncated(90 * 1536)).toBe(false);
  expect(end.truncated(80 * 1536)).toBe(true);
});
