import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import type { Decoder } from '../../../src/stream/decode/decoder.ts';
import { asfSeconds, matroskaSeconds, StatedSeconds } from '../../../src/stream/decode/stated-seconds.ts';
import { lenaFile } from '../../support/audio.ts';
import { collect, inPieces } from '../../support/collect.ts';

const LENA_SECONDS = 12.27;

/** A codec that delivers this many seconds of silence for everything. */
function codecOf(seconds: number): Decoder {
  const sampleRateHz = 8000;
  return {
    decode: async () => [{ sampleRateHz, channels: 1, samples: new Float32Array(seconds * sampleRateHz) }],
    flush: async () => [],
    truncated: false,
    free: () => {},
  };
}

it('reads the duration of WebM, but not of one with pictures', () => {
  const webm = readFileSync(lenaFile('webm')).subarray(0, 4096);
  expect(matroskaSeconds(webm)).toBeCloseTo(LENA_SECONDS, 1);
  const film = Buffer.concat([webm, Buffer.from([0x83, 0x81, 0x01])]);
  expect(matroskaSeconds(film)).toBeUndefined();
  expect(matroskaSeconds(webm.subarray(0, 30))).toBeUndefined();
});

it('reads the duration of WMA, but not of a broadcast', () => {
  const properties = Buffer.alloc(200);
  Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex').copy(properties, 30);
  properties.writeBigUInt64LE(150_000_000n, 30 + 64); // 100 ns
  properties.writeBigUInt64LE(3000n, 30 + 80); // ms
  expect(asfSeconds(properties)).toBe(12);
  properties.writeUInt8(1, 30 + 88);
  expect(asfSeconds(properties)).toBeUndefined();
});

it.each([
  [12.2, false],
  [6, true],
])('reports %s of 12.27 s as truncated: %s', async (seconds, truncated) => {
  const decoder = new StatedSeconds(codecOf(seconds), matroskaSeconds);
  await decoder.decode(readFileSync(lenaFile('webm')));
  await decoder.flush();
  expect(decoder.truncated).toBe(truncated);
});

it('reports an M4A whose frames are damaged, which the codec skips', async () => {
  const bytes = Buffer.from(readFileSync(lenaFile('m4a')));
  bytes.fill(0xff, 100_000, bytes.lastIndexOf('moov') - 100); // the index comes last
  const audio = collect(decodeStream(inPieces(bytes, 65_536), { name: 'song' }));
  await expect(audio).rejects.toMatchObject({ name: 'UserError', code: 'truncated-audio' });
});
