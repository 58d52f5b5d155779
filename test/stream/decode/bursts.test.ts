import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blankBursts } from '../../../src/stream/decode/bursts.ts';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { collect, inPieces } from '../../support/collect.ts';

const FRAME = 2048;

describe('blankBursts', () => {
  it('replaces the whole frame around a sample far over full scale, in all channels', () => {
    const planes = [0, 1].map(() => new Float32Array(4 * FRAME).fill(0.5));
    planes[1]![FRAME + 700] = -4.1;
    planes[0]![3 * FRAME + 5] = Number.NaN;
    blankBursts(planes);
    for (const plane of planes) {
      for (const [frame, blank] of [false, true, false, true].entries()) {
        const part = plane.subarray(frame * FRAME, (frame + 1) * FRAME);
        expect(part.every((value) => (blank ? Number.isNaN(value) : value === 0.5))).toBe(true);
      }
    }
  });

  it('counts frames from the end, because the first one may be trimmed', () => {
    const plane = new Float32Array(500 + FRAME).fill(0.1);
    plane[499] = 100;
    blankBursts([plane]);
    expect(plane.findIndex((value) => !Number.isNaN(value))).toBe(500);
  });

  it('leaves what lossy codecs overshoot', () => {
    const plane = Float32Array.of(3.9, -3.9, 1.2);
    blankBursts([plane]);
    expect([...plane]).toEqual([...Float32Array.of(3.9, -3.9, 1.2)]);
  });
});

describe('HE-AAC v2', () => {
  it.each([1777, 65_536])('has no burst, and keeps its time, in pieces of %i bytes', async (size) => {
    const bytes = readFileSync('test/fixtures/decode/he-aac-v2.aac');
    const { samples, channels, sampleRateHz } = await collect(decodeStream(inPieces(bytes, size)));
    expect(samples.length / channels / sampleRateHz).toBeCloseTo(7.85, 1);
    const blank = samples.filter(Number.isNaN).length / channels;
    expect(blank).toBe(2 * FRAME);
    // ffmpeg's decoder peaks at -6.8 dB.
    expect(samples.every((value) => Number.isNaN(value) || Math.abs(value) < 0.6)).toBe(true);
  });
});
