import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { findFrames } from '../../../src/stream/decode/mpeg-frame.ts';
import type { AudioChunk } from '../../../src/types.ts';
import { lenaFile } from '../../support/audio.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';

const song = (name: string) => readFileSync(`test/fixtures/decode/${name}`);
const lena = (extension: string) => readFileSync(lenaFile(extension));
const decode = (bytes: Uint8Array, size = 5000) =>
  collect(decodeStream(inPieces(bytes, size), { name: 'radio' }));

/** The formats in order, with the seconds of each. */
function formats(chunks: readonly AudioChunk[]): string[] {
  const found: { format: string; frames: number; rate: number }[] = [];
  for (const { sampleRateHz, channels, samples } of chunks) {
    const format = `${sampleRateHz} Hz, ${channels}`;
    if (found.at(-1)?.format !== format) found.push({ format, frames: 0, rate: sampleRateHz });
    found.at(-1)!.frames += samples.length / channels;
  }
  return found.map(({ format, frames, rate }) => `${format}: ${(frames / rate).toFixed(1)} s`);
}

describe('a song after another', () => {
  it.each([
    ['Vorbis at another rate', song('song-a.ogg'), song('song-b-22k-mono.ogg')],
    ['Vorbis with another setup header', song('song-a.ogg'), song('song-b.ogg')],
    ['Opus after Vorbis', song('song-a.ogg'), lena('opus')],
    ['AAC in mono', song('song-a.aac'), song('song-b-mono.aac')],
    ['AAC at another rate', song('song-a.aac'), song('song-b-48k.aac')],
    ['MP3 after AAC', song('song-a.aac'), lena('mp3')],
    ['FLAC', lena('flac'), lena('flac')],
    ['WebM after WebM with Vorbis', lena('webm'), readFileSync('node_modules/audio-lena/lena-vorbis.webm')],
    ['MP4', lena('m4a'), lena('m4a')],
    ['AIFF', lena('aiff'), lena('aiff')],
    ['WAV after Ogg', song('song-a.ogg'), lena('wav')],
  ])('is decoded as it is alone: %s', async (_name, first, second) => {
    const alone = [await decode(first), await decode(second)];
    const joined = await decode(Buffer.concat([first, second]));
    const expected = alone.flatMap(({ chunks }) => chunks);
    expect(formats(joined.chunks)).toEqual(formats(expected));
    const samples = alone.flatMap((part) => [...part.samples]);
    expect(sameSamples(joined.samples, Float32Array.from(samples))).toBe(true);
  });

  it.each([1, 27, 700])('does not depend on how the bytes are cut: %i', async (size) => {
    const bytes = Buffer.concat([song('song-a.ogg'), song('song-b-22k-mono.ogg')]);
    const whole = await decode(bytes, 65_536);
    expect(sameSamples((await decode(bytes, size)).samples, whole.samples)).toBe(true);
    expect(formats(whole.chunks)).toEqual(['44100 Hz, 2: 3.0 s', '22050 Hz, 1: 3.0 s']);
  });
});

it('is reported where the next song after a WAV is in a format that does not begin with its name', async () => {
  await expect(decode(Buffer.concat([lena('wav'), lena('mp3').subarray(3000)]))).rejects.toMatchObject({
    code: 'truncated-audio',
  });
});

describe('sound that does not begin at the first byte', () => {
  const file = lena('mp3');
  const mp3 = file.subarray(findFrames(file));
  const id3 = (size: number, tag: Buffer) =>
    Buffer.concat([Buffer.from('ID3\x03\0\0'), Buffer.of(0, 0, size >> 7, size & 127), tag]);
  const title = Buffer.from('TIT2\0\0\0\x05\0\0\0Song');
  it.each([
    ['zeros', Buffer.alloc(500)],
    ['the end of a frame', mp3.subarray(3000, 3100)],
    ['an ID3 tag whose padding is not counted', Buffer.concat([id3(title.length, title), Buffer.alloc(900)])],
    ['an ID3 tag whose size is too large', id3(16_000, title)],
    ['an HTTP head', Buffer.from('HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n')],
  ])('is found behind %s', async (_name, before) => {
    const { samples } = await decode(Buffer.concat([before, mp3]));
    expect(Math.abs(samples.length - (await decode(mp3)).samples.length)).toBeLessThan(2400);
  });

  it('is found in Ogg that begins within a page, at the next song', async () => {
    const bytes = Buffer.concat([song('song-a.ogg').subarray(9000), song('song-b.ogg')]);
    expect(sameSamples((await decode(bytes)).samples, (await decode(song('song-b.ogg'))).samples)).toBe(true);
  });
});

describe('damage', () => {
  const seconds = async (bytes: Uint8Array) => {
    const { samples, sampleRateHz, channels } = await decode(bytes);
    const lost = samples.reduce((count, sample) => count + (Number.isNaN(sample) ? 1 : 0), 0);
    return { all: samples.length / channels / sampleRateHz, lost: lost / channels / sampleRateHz };
  };

  it.each(['song-a.ogg', 'song-a.aac'])('keeps the time right: %s', async (name) => {
    const bytes = Buffer.from(song(name));
    const whole = await seconds(bytes);
    const middle = bytes.length >> 1;
    bytes.fill(0x55, middle, middle + 3000);
    const damaged = await seconds(bytes);
    expect(damaged.all).toBeCloseTo(whole.all, 1);
    expect(damaged.lost).toBeGreaterThan(0.1);
    expect(whole.lost).toBe(0);
  });

  it('ends input that goes on without audio, after the audio before', async () => {
    const bytes = Buffer.concat([lena('mp3'), Buffer.alloc(600_000, 0x55)]);
    const chunks: AudioChunk[] = [];
    const reading = (async () => {
      for await (const chunk of decodeStream(inPieces(bytes, 8192), { name: 'radio' })) chunks.push(chunk);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'no-audio' });
    expect(formats(chunks)[0]).toMatch(/^44100 Hz, 1: 12\./);
  });

  it('plays on behind a large tag at the end', async () => {
    const tag = Buffer.concat([
      Buffer.from('APETAGEX\xd0\x07\0\0', 'latin1'),
      Buffer.alloc(20),
      Buffer.alloc(600_000, 7),
    ]);
    tag.writeUInt32LE(600_000, 12);
    tag.writeUInt32LE(0xa000_0000, 20);
    const plain = await decode(lena('mp3'));
    expect((await decode(Buffer.concat([lena('mp3'), tag]))).samples.length).toBe(plain.samples.length);
  });
});

it('decodes what had arrived before the input failed, then throws its error', async () => {
  const bytes = lena('mp3');
  async function* failing() {
    yield* inPieces(bytes.subarray(0, bytes.length - 2000), 65_536);
    throw new Error('The connection dropped.');
  }
  const chunks: AudioChunk[] = [];
  const reading = (async () => {
    for await (const chunk of decodeStream(failing())) chunks.push(chunk);
  })();
  await expect(reading).rejects.toThrow('The connection dropped.');
  const frames = chunks.reduce((sum, { samples }) => sum + samples.length, 0);
  expect(frames / 44_100).toBeGreaterThan(12);
});
