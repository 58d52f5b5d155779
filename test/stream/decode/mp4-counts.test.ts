import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { lenaFile } from '../../support/audio.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';

const lena = readFileSync(lenaFile('m4a'));
const decode = (bytes: Uint8Array, size = 65_536) => collect(decodeStream(inPieces(bytes, size)));

/** The recording with the count of a table of its index replaced. */
function withCount(table: string, countAt: number, count: number): Buffer {
  const bytes = Buffer.from(lena);
  bytes.writeUInt32BE(count, bytes.lastIndexOf(table) + countAt);
  return bytes;
}

it.each([
  ['stsz', 12],
  ['stco', 8],
  ['stsc', 8],
  ['stts', 8],
])('reads no more entries of %s than the index has room for', async (table, countAt) => {
  const whole = await decode(lena);
  for (const size of [65_536, 1000]) {
    const audio = await decode(withCount(table, countAt, 0xffff_fff0), size);
    expect(Math.abs(audio.samples.length - whole.samples.length)).toBeLessThan(3000);
    expect(sameSamples(audio.samples.subarray(0, 44_100), whole.samples.subarray(0, 44_100))).toBe(true);
  }
});

it('refuses an index of more samples than fit into memory', async () => {
  const bytes = withCount('stsz', 12, 0xffff_fff0);
  bytes.writeUInt32BE(4, bytes.lastIndexOf('stsz') + 8); // all of one size
  await expect(decode(bytes)).rejects.toMatchObject({ name: 'UserError', code: 'bad-audio' });
});
