import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesPerSample, int16ToFloat, isPcmFormat, PCM_FORMATS, PcmDecoder } from '../../src/stream/pcm.ts';

describe('PcmDecoder', () => {
  it.each([
    ['u8', [0, 128, 255], [-1, 0, 127 / 128]],
    ['s16le', [0x00, 0x80, 0x00, 0x00, 0xff, 0x7f, 0xff, 0xff], [-1, 0, 32767 / 32768, -1 / 32768]],
    [
      's24le',
      [0, 0, 0x80, 0, 0, 0, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff],
      [-1, 0, 8388607 / 8388608, -1 / 8388608],
    ],
    ['s32le', [0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40], [-1, 0, 0.5]],
    ['f32le', [...new Uint8Array(new Float32Array([0.25, -3]).buffer)], [0.25, -3]],
  ] as const)('reads %s at full scale ±1', (format, bytes, expected) => {
    const samples = new PcmDecoder(format, 1).push(Uint8Array.from(bytes));
    expect([...samples]).toEqual(expected.map(Math.fround));
  });

  it('gives 16-bit samples as they are, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat(40), { maxLength: 30 }),
        (channels, bytes, sizes) => {
          const whole = new PcmDecoder('s16le', channels).push(bytes);
          const pieces = new PcmDecoder('s16le', channels);
          const samples: number[] = [];
          let at = 0;
          for (const size of [...sizes, bytes.length]) {
            const cut = pieces.pushInt16(bytes.subarray(at, at + size));
            const floats = new Float32Array(cut.length);
            int16ToFloat(cut, floats);
            expect(cut.length % channels).toBe(0);
            expect(cut.byteLength).toBe(cut.buffer.byteLength);
            samples.push(...floats);
            at += size;
          }
          expect(samples).toEqual([...whole]);
        },
      ),
    );
  });

  it('copies no 16-bit samples whose bytes are an array of whole frames', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    expect(new PcmDecoder('s16le', 2).pushInt16(bytes).buffer).toBe(bytes.buffer);
    expect(new PcmDecoder('s16le', 1).pushInt16(bytes.subarray(2)).buffer).not.toBe(bytes.buffer);
  });

  it('gives the same samples wherever the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PCM_FORMATS),
        fc.integer({ min: 1, max: 6 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat(40), { maxLength: 30 }),
        (format, channels, bytes, sizes) => {
          const whole = new PcmDecoder(format, channels).push(bytes);
          const pieces = new PcmDecoder(format, channels);
          const samples: number[] = [];
          let at = 0;
          for (const size of [...sizes, bytes.length]) {
            const cut = pieces.push(bytes.subarray(at, at + size));
            expect(cut.length % channels).toBe(0);
            samples.push(...cut);
            at += size;
          }
          expect(samples).toEqual([...whole]);
          expect(pieces.remainderBytes).toBe(bytes.length % (bytesPerSample(format) * channels));
        },
      ),
    );
  });

  it('copies what it keeps of the caller’s buffer', () => {
    const decoder = new PcmDecoder('s16le', 1);
    const buffer = Uint8Array.from([0, 0x40, 0x00]);
    const samples = decoder.push(buffer);
    buffer.fill(0xff);
    expect([...samples]).toEqual([0.5]);
    expect([...decoder.push(Uint8Array.from([0x40]))]).toEqual([0.5]);
  });
});

it('recognizes the names of its formats only', () => {
  expect(isPcmFormat('s16le')).toBe(true);
  expect(isPcmFormat('toString')).toBe(false);
});
