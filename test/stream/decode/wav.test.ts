import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { lenaFile } from '../../support/audio.ts';
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

  describe('whose header lies', () => {
    const stereo = values(3000, 2);
    const of = (encoding: WavLayout['encoding'], extensible = false) =>
      encodeWav(stereo, { sampleRateHz: 44_100, channels: 2, encoding, extensible });
    /** Positions in the file. */
    const [TAG, BYTE_RATE, BLOCK, BITS, VALID_BITS] = [20, 28, 32, 34, 38];
    const with16 = (bytes: Buffer, at: number, value: number) => {
      bytes.writeUInt16LE(value, at);
      return bytes;
    };
    /** 24 bits in 4 bytes, left-justified. */
    const in4Bytes = (bits: number) => with16(of('s32'), BITS, bits);
    /** `fmt ` of 14 bytes, as before 1991. */
    const short = () => {
      const bytes = of('s16');
      bytes.writeUInt32LE(14, 16);
      return Buffer.concat([bytes.subarray(0, BITS), bytes.subarray(BITS + 2)]);
    };
    const bigEndian = () => {
      const bytes = of('s16');
      bytes.write('RIFX');
      for (const at of [4, 16, 24, 28, 40]) bytes.subarray(at, at + 4).reverse();
      for (const at of [TAG, 22, BLOCK, BITS]) bytes.subarray(at, at + 2).reverse();
      bytes.subarray(44).swap16();
      return bytes;
    };

    it.each([
      ['a block size of one channel', with16(of('s16'), BLOCK, 2)],
      ['a block size in bits', with16(of('s16'), BLOCK, 32)],
      ['a block size of 0', with16(of('s16'), BLOCK, 0)],
      ['a block size of 0 for 24 bits', with16(of('s24'), BLOCK, 0)],
      ['a block size of one byte', with16(of('s16'), BLOCK, 1)],
      ['0 bits', with16(of('s16'), BITS, 0)],
      ['bytes in the field for bits', with16(of('s16'), BITS, 2)],
      ['12 bits in 2 bytes', with16(of('s16'), BITS, 12)],
      ['20 bits in 3 bytes', with16(of('s24'), BITS, 20)],
      ['20 bits in 4 bytes', in4Bytes(20)],
      ['24 bits in 4 bytes', in4Bytes(24)],
      ['20 valid bits', with16(of('s24', true), VALID_BITS, 20)],
      ['an extensible block size of 0', with16(of('s24', true), BLOCK, 0)],
      ['the tag of the extensible format only', with16(of('s16'), TAG, 0xfffe)],
      ['a wrong byte rate', with16(of('s16'), BYTE_RATE, 7)],
      ['32-bit float in blocks of 0', with16(of('f32'), BLOCK, 0)],
      ['64-bit float in blocks of 4', with16(of('f64'), BLOCK, 4)],
      ['32-bit float of 0 bits', with16(of('f32'), BITS, 0)],
      ['no field for bits', short()],
      ['big-endian fields and samples', bigEndian()],
      ['a size of the file of 0', with16(with16(of('s16'), 4, 0), 6, 0)],
    ])('is read by what fits its samples: %s', async (_, bytes) => {
      for (const size of [777, 65_536]) {
        const audio = await decode(bytes, size);
        expect(audio).toMatchObject({ sampleRateHz: 44_100, channels: 2 });
        expect(sameSamples(audio.samples, stereo)).toBe(true);
      }
    });

    it('is whole if it is as long as it should be, although its data chunk claims more', async () => {
      const bytes = of('s16');
      bytes.writeUInt32LE(bytes.length, 40);
      expect(sameSamples((await decode(bytes)).samples, stereo)).toBe(true);
    });

    it('reads RF64 without a ds64 chunk to the end', async () => {
      const bytes = of('s16');
      bytes.write('RF64');
      bytes.writeUInt32LE(0xffff_ffff, 40);
      expect(sameSamples((await decode(bytes)).samples, stereo)).toBe(true);
    });
  });

  it('goes on with a WAV of another format that follows, after other chunks', async () => {
    const first = encodeWav(values(2501, 1), { sampleRateHz: 8000, channels: 1, encoding: 'u8' });
    const list = chunk('LIST', new Uint8Array(77));
    const second = encodeWav(values(3000, 2), { sampleRateHz: 48_000, channels: 2, encoding: 's16' });
    for (const pad of [Buffer.alloc(0), Buffer.alloc(1)]) {
      for (const size of [1, 777, 65_536]) {
        const { chunks } = await decode(Buffer.concat([first, pad, list, second]), size);
        const of = (rate: number) => chunks.filter(({ sampleRateHz }) => sampleRateHz === rate);
        const length = (rate: number) => of(rate).reduce((sum, { samples }) => sum + samples.length, 0);
        expect([length(8000), length(48_000)]).toEqual([2501, 6000]);
      }
    }
  });

  it.each([
    [0x55, 'mp3'],
    [0xf1ac, 'flac'],
    [0x1600, 'aac'],
  ])('plays the sound of format tag %i like a %s file', async (tag, extension) => {
    const bytes = readFileSync(lenaFile(extension));
    const header = encodeWav([], { sampleRateHz: 44_100, channels: 1, encoding: 's16' });
    header.writeUInt16LE(tag, 20);
    let format: Buffer = Buffer.from(header.subarray(20, 36));
    let body: Uint8Array = bytes;
    if (extension === 'flac') {
      format = Buffer.concat([format, Buffer.of(34, 0), bytes.subarray(8, 42)]);
      body = bytes.subarray(bytes.indexOf(Buffer.of(0xff, 0xf8)));
    }
    const wav = Buffer.concat([header.subarray(0, 12), chunk('fmt ', format), chunk('data', body)]);
    const list = chunk('LIST', Buffer.alloc(5000, 0xff));
    const [audio, expected] = [await decode(Buffer.concat([wav, list]), 5000), await decode(bytes)];
    expect(audio).toMatchObject({ sampleRateHz: 44_100, channels: expected.channels });
    expect(sameSamples(audio.samples, expected.samples)).toBe(true);
  });

  it.each([
    [0x31, 'GSM 6.10'],
    [0x28f, 'G.722 ADPCM'],
    [0x45, 'G.726 ADPCM'],
    [0xff, 'raw AAC'],
    [0x7777, 'an unknown encoding (format tag 0x7777)'],
  ])('names what nothing decodes, and no format that the file has: tag %i', async (tag, codec) => {
    const wav = encodeWav(values(3000, 1), { sampleRateHz: 8000, channels: 1, encoding: 's16' });
    wav.writeUInt16LE(tag, 20);
    const message = `The input is WAV with ${codec} inside, which undertone cannot decode: convert it to FLAC or MP3.`;
    await expect(decode(wav)).rejects.toMatchObject({ code: 'bad-audio', message });
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
