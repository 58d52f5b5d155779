import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';
import { chunk, encodeWav, type WavLayout } from '../../support/wav.ts';

/** Values that every encoding has, silence and both full scales among them. */
const VALUES = [-1, -0.5, -1 / 128, 0, 1 / 128, 0.25, 0.5, 127 / 128];

function values(frames: number, channels: number): Float32Array {
  return Float32Array.from({ length: frames * channels }, (_, i) => VALUES[(i * 5) % VALUES.length]!);
}

const decode = (bytes: Uint8Array, size = 65_536) => collect(decodeStream(inPieces(bytes, size)));

describe('WAV', () => {
  it.each(
    (['u8', 's16', 's24', 's32', 'f32', 'f64'] as const).flatMap((encoding) =>
      [false, true].map((extensible) => ({ encoding, extensible })),
    ),
  )('is read exactly as $encoding, extensible: $extensible', async ({ encoding, extensible }) => {
    const samples = values(1000, 2);
    const audio = await decode(
      encodeWav(samples, { sampleRateHz: 44_100, channels: 2, encoding, extensible }),
    );
    expect(audio).toMatchObject({ sampleRateHz: 44_100, channels: 2 });
    expect(sameSamples(audio.samples, samples)).toBe(true);
  });

  it.each([
    [8000, 1],
    [192_000, 2],
    [48_000, 6],
    [96_000, 8],
  ])('is read at %i Hz with %i channels', async (sampleRateHz, channels) => {
    const samples = values(sampleRateHz, channels);
    const audio = await decode(
      encodeWav(samples, { sampleRateHz, channels, encoding: 's24', extensible: true }),
    );
    expect(audio).toMatchObject({ sampleRateHz, channels });
    expect(sameSamples(audio.samples, samples)).toBe(true);
    for (const { samples } of audio.chunks)
      expect(samples.length / channels / sampleRateHz).toBeLessThanOrEqual(0.5);
  });

  it('gives the same samples wherever its bytes are cut', async () => {
    const samples = values(500, 3);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('u8', 's16', 's24', 'f32', 'f64') as fc.Arbitrary<WavLayout['encoding']>,
        fc.integer({ min: 1, max: 300 }),
        async (encoding, size) => {
          const wav = encodeWav(samples, { sampleRateHz: 16_000, channels: 3, encoding });
          expect(sameSamples((await decode(wav, size)).samples, samples)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('skips other chunks, large ones and odd sizes, before and after the samples', async () => {
    const samples = values(300, 1);
    const plain = encodeWav(samples, { sampleRateHz: 22_050, channels: 1, encoding: 's16' });
    const [head, body] = [plain.subarray(0, 12), plain.subarray(12)];
    const odd = chunk('LIST', new Uint8Array(77));
    const large = chunk('JUNK', new Uint8Array(100_001));
    const wav = Buffer.concat([head, odd, large, body, chunk('ID3 ', Buffer.alloc(999, 0x55))]);
    expect(sameSamples((await decode(wav, 4096)).samples, samples)).toBe(true);
  });

  it.each([0, 0xffff_ffff, 0x7fff_f000])(
    'reads to the end where the writer left %i as the size',
    async (claimedBytes) => {
      const samples = values(3000, 2);
      const layout = { sampleRateHz: 44_100, channels: 2, encoding: 's16', claimedBytes } as const;
      expect(sameSamples((await decode(encodeWav(samples, layout))).samples, samples)).toBe(true);
    },
  );

  it('reads the size of RF64 from its ds64 chunk', async () => {
    const samples = values(3000, 1);
    const layout = { sampleRateHz: 44_100, channels: 1, encoding: 's16', claimedBytes: 0xffff_ffff } as const;
    const plain = encodeWav(samples, layout);
    const sizes = Buffer.alloc(28);
    sizes.writeBigUInt64LE(6000n, 8);
    const head = Buffer.concat([Buffer.from('RF64'), plain.subarray(4, 12)]);
    const wav = Buffer.concat([
      head,
      chunk('ds64', sizes),
      plain.subarray(12),
      chunk('LIST', new Uint8Array(50)),
    ]);
    expect(sameSamples((await decode(wav)).samples, samples)).toBe(true);
  });

  it('decodes A-law with its codec', async () => {
    const layout = { sampleRateHz: 8000, channels: 1, encoding: 'u8' } as const;
    const wav = encodeWav(new Float32Array(100), layout);
    wav.writeUInt16LE(6, 20);
    wav.fill(0xd5, 44);
    const { samples } = await decode(wav, 10);
    expect(samples.length).toBe(100);
    // 0xd5 is the smallest positive step: 8 of 32768.
    expect(samples.every((value) => value === 8 / 32768)).toBe(true);
  });

  it('reports a damaged header and a missing end', async () => {
    const wav = encodeWav(values(44_100, 1), { sampleRateHz: 44_100, channels: 1, encoding: 's16' });
    await expect(decode(wav.subarray(0, 44_144))).rejects.toMatchObject({
      code: 'truncated-audio',
      message: expect.stringContaining('only its first 0.5 s'),
    });
    const noChannels = Buffer.from(wav);
    noChannels.writeUInt16LE(0, 22);
    await expect(decode(noChannels)).rejects.toMatchObject({ code: 'bad-audio' });
    const noFormat = Buffer.from(wav);
    noFormat.write('junk', 12);
    await expect(decode(noFormat)).rejects.toMatchObject({ code: 'bad-audio' });
    await expect(decode(wav.subarray(0, 44))).rejects.toMatchObject({ code: 'bad-audio' });
  });
});
