import { describe, expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';

const decode = (bytes: Uint8Array, size = 65_536) => collect(decodeStream(inPieces(bytes, size)));

function chunk(name: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length & 1)]);
}

/** Mono, 8000 Hz. @param encoding of AIFF-C; plain AIFF without it */
function aiff(samples: Buffer, bits: number, encoding?: string): Buffer {
  const comm = Buffer.alloc(encoding ? 24 : 18);
  comm.writeUInt16BE(1);
  comm.writeUInt32BE(samples.length / Math.ceil(bits / 8), 2);
  comm.writeUInt16BE(bits, 6);
  // 8000 as an 80-bit number: 8000 · 2^51 with exponent 12.
  comm.set([0x40, 0x0b, 0xfa, 0], 8);
  if (encoding) comm.write(encoding, 18, 'latin1');
  const audio = chunk('SSND', Buffer.concat([Buffer.alloc(8), samples]));
  const tail = chunk('ID3 ', Buffer.alloc(900, 0x55));
  const kind = Buffer.from(encoding ? 'AIFC' : 'AIFF');
  return chunk(
    'FORM',
    Buffer.concat([kind, chunk('NAME', Buffer.alloc(33)), chunk('COMM', comm), audio, tail]),
  );
}

/** -0.75, 0 and 0.5 in each encoding. */
const VALUES = [-0.75, 0, 0.5];
const ENCODED: readonly (readonly [string, number, string | undefined, readonly number[]])[] = [
  ['8 bits, which are signed', 8, undefined, [0xa0, 0, 0x40]],
  ['12 bits in 2 bytes', 12, undefined, [0xa0, 0, 0, 0, 0x40, 0]],
  ['16 bits', 16, undefined, [0xa0, 0, 0, 0, 0x40, 0]],
  ['20 bits in 3 bytes', 20, 'NONE', [0xa0, 0, 0, 0, 0, 0, 0x40, 0, 0]],
  ['24 bits', 24, 'in24', [0xa0, 0, 0, 0, 0, 0, 0x40, 0, 0]],
  ['32 bits', 32, 'in32', [0xa0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0]],
  ['16 bits, little-endian', 16, 'sowt', [0, 0xa0, 0, 0, 0, 0x40]],
  ['32-bit float', 32, 'fl32', [0xbf, 0x40, 0, 0, 0, 0, 0, 0, 0x3f, 0, 0, 0]],
  [
    '64-bit float',
    64,
    'FL64',
    [0xbf, 0xe8, 0, 0, 0, 0, 0, 0, ...new Array(8).fill(0), 0x3f, 0xe0, ...new Array(6).fill(0)],
  ],
];

describe('AIFF', () => {
  it.each(ENCODED)('reads %s exactly, wherever its bytes are cut', async (_, bits, encoding, bytes) => {
    const count = 700;
    const file = aiff(Buffer.concat(new Array(count).fill(Buffer.from(bytes))), bits, encoding);
    const expected = Float32Array.from({ length: 3 * count }, (_, i) => VALUES[i % 3]!);
    for (const size of [1, 1000, 65_536]) {
      const audio = await decode(file, size);
      expect(audio).toMatchObject({ sampleRateHz: 8000, channels: 1 });
      expect(sameSamples(audio.samples, expected)).toBe(true);
    }
  });

  it('reads to the end where the writer left almost 2 GiB as the size', async () => {
    const file = aiff(Buffer.alloc(3000, 0x40), 8);
    const open = file.subarray(0, file.indexOf('ID3 '));
    open.writeUInt32BE(0x7fff_fff0, open.indexOf('SSND') + 4);
    expect((await decode(open)).samples.length).toBe(3000);
  });

  it('names an encoding that nothing decodes', async () => {
    await expect(decode(aiff(Buffer.alloc(9000), 8, 'MAC3'))).rejects.toMatchObject({
      code: 'bad-audio',
      message:
        'The input is AIFF with MACE 3:1 inside, which undertone cannot decode: convert it to FLAC or MP3.',
    });
  });
});
