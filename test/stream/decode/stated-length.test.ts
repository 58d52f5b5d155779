import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { statedLength } from '../../../src/stream/decode/stated-length.ts';
import { lenaFile } from '../../support/audio.ts';
import { collect, inPieces } from '../../support/collect.ts';

/** Whether a recording of these bytes and samples counts as truncated. */
function truncated(type: string, bytes: Uint8Array, frames: number): boolean {
  const end = statedLength(type)!;
  for (let at = 0; at < bytes.length; at += 1000) end.push(bytes.subarray(at, at + 1000));
  return end.truncated(frames);
}

function header(magic: string, at: number, value: number, bigEndian = false): Buffer {
  const bytes = Buffer.alloc(200);
  bytes.write(magic);
  if (bigEndian) bytes.writeUInt32BE(value, at);
  else bytes.writeUInt32LE(value, at);
  return bytes;
}

/** The start of WMA: a header object with the file's properties, behind another object. */
function asf(fileBytes: number, flags: number): Buffer {
  const bytes = Buffer.alloc(3000);
  bytes.writeUInt32LE(2000, 30 + 16);
  const at = 30 + 2000;
  bytes.set(Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex'), at);
  bytes.writeUInt32LE(104, at + 16);
  bytes.writeUInt32LE(fileBytes, at + 40);
  bytes.writeUInt32LE(flags, at + 88);
  return bytes;
}

describe('statedLength', () => {
  it.each([
    ['wv', header('wvpk', 12, 5000)],
    ['tta', header('TTA1', 14, 5000)],
    ['qoa', header('qoaf', 4, 5000, true)],
  ])('finds that samples of %s are missing', (type, bytes) => {
    expect(truncated(type, bytes, 4999)).toBe(true);
    expect(truncated(type, bytes, 5000)).toBe(false);
  });

  it('does not need a WavPack file to state its length', () => {
    expect(truncated('wv', header('wvpk', 12, 0xffff_ffff), 10)).toBe(false);
  });

  it('finds that bytes of WMA are missing, but not of a broadcast', () => {
    expect(truncated('wma', asf(3001, 0), 1)).toBe(true);
    expect(truncated('wma', asf(3000, 2), 1)).toBe(false);
    expect(truncated('wma', asf(9999, 1), 1)).toBe(false);
  });

  it('finds that bytes of AVI are missing', () => {
    expect(truncated('avi', header('RIFF', 4, 192), 1)).toBe(false);
    expect(truncated('avi', header('RIFF', 4, 193), 1)).toBe(true);
  });
});

describe('WebM', () => {
  const webm = readFileSync(lenaFile('webm'));
  const decode = (bytes: Uint8Array) => collect(decodeStream(inPieces(bytes, 5000)));
  const size = webm.indexOf(Buffer.of(0x18, 0x53, 0x80, 0x67)) + 4;

  it('that ends too early is reported', async () => {
    await expect(decode(webm.subarray(0, -5000))).rejects.toMatchObject({ code: 'truncated-audio' });
  });

  it('of open length, as live streams have it, is not', async () => {
    const live = Buffer.from(webm);
    const extra = Math.clz32(live[size]!) - 24;
    live[size] = 0xff >> extra;
    live.fill(0xff, size + 1, size + 1 + extra);
    expect((await decode(live.subarray(0, -5000))).samples.length).toBeGreaterThan(100_000);
  });
});
