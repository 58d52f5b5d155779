import { readFileSync } from 'node:fs';
import decodeWhole from 'audio-decode';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeStream } from '../../../src/stream/decode/decode.ts';
import { moovFirst, samplesComeFirst } from '../../../src/stream/decode/moov-first.ts';
import { lenaFile } from '../../support/audio.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';

const decode = (bytes: Uint8Array, size = 65_536) => collect(decodeStream(inPieces(bytes, size)));

/** Largest normalized cross-correlation of two signals over shifts of up to `maxShift` samples. */
function correlation(a: Float32Array, b: Float32Array, maxShift: number): number {
  let best = 0;
  for (let shift = -maxShift; shift <= maxShift; shift++) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 150_000; i < 153_000; i++) {
      const [x, y] = [a[i]!, b[i + shift]!];
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    best = Math.max(best, ab / Math.sqrt(aa * bb));
  }
  return best;
}

describe('decodeStream', () => {
  let lena: Float32Array;
  beforeAll(async () => {
    lena = (await decode(readFileSync(lenaFile('wav')))).samples;
  });

  it.each(['mp3', 'flac', 'wav'])(
    'goes on with %s whose samples are handed to another thread',
    async (extension) => {
      const bytes = readFileSync(lenaFile(extension));
      const times = Math.ceil(2 ** 21 / bytes.length);
      const joined = Buffer.concat(Array.from({ length: times }, () => bytes));
      let samples = 0;
      for await (const chunk of decodeStream(inPieces(joined, 2 ** 18), { largePieces: true })) {
        samples += chunk.samples.length / chunk.channels;
        structuredClone(chunk.samples, { transfer: [chunk.samples.buffer as ArrayBuffer] });
      }
      expect(samples / lena.length / times).toBeCloseTo(1, 1);
    },
  );

  it.each(['mp3', 'flac', 'ogg', 'm4a', 'aac', 'aiff', 'caf'])(
    'decodes %s, wherever its bytes are cut',
    async (extension) => {
      const bytes = readFileSync(lenaFile(extension));
      const audio = await decode(bytes);
      expect(audio.sampleRateHz).toBe(44_100);
      const left = audio.samples.filter((_, i) => i % audio.channels === 0);
      expect(Math.abs(left.length - lena.length)).toBeLessThan(4000);
      expect(correlation(lena, left, 2200)).toBeGreaterThan(0.95);
      for (const size of [1777, 30_011])
        expect(sameSamples((await decode(bytes, size)).samples, audio.samples)).toBe(true);
    },
  );

  it.each(['opus', 'webm'])('decodes %s', async (extension) => {
    const audio = await decode(readFileSync(lenaFile(extension)), 5000);
    expect(audio.sampleRateHz).toBe(48_000);
    expect(audio.samples.length / audio.channels / 48_000).toBeCloseTo(lena.length / 44_100, 1);
  });

  it('loses nothing of FLAC, whose codec misses frames that begin at the end of a piece', async () => {
    const bytes = readFileSync(lenaFile('flac'));
    for (const size of [1000, 4096, 8192])
      expect((await decode(bytes, size)).samples.length).toBe(lena.length);
  });

  it('skips an ID3 tag with a picture larger than the head', async () => {
    const bytes = readFileSync(lenaFile('mp3'));
    const tag = Buffer.alloc(300_010);
    // Seven bits a byte: 300,000 = 18 · 2^14 + 39 · 2^7 + 96.
    tag.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 18, 39, 96]);
    const audio = await decode(Buffer.concat([tag, bytes]), 7000);
    expect(Math.abs(audio.samples.length - lena.length)).toBeLessThan(4000);
  });

  it('moves the index of an MP4 to the front, so that the file is not held in memory', async () => {
    const bytes = readFileSync(lenaFile('m4a'));
    expect(samplesComeFirst(bytes)).toBe(true);
    const read = async (at: number, length: number) => bytes.subarray(at, at + length);
    const pieces: Uint8Array[] = [];
    for await (const piece of moovFirst({ size: bytes.length, read })) pieces.push(piece);
    const ordered = Buffer.concat(pieces);
    expect(ordered.length).toBe(bytes.length);
    expect(samplesComeFirst(ordered)).toBe(false);
    const whole = await decodeWhole(bytes);
    const planes = await decodeWhole(ordered);
    expect(sameSamples(planes.channelData[0]!, whole.channelData[0]!)).toBe(true);
    const early = decodeStream(inPieces(ordered, 65_536))[Symbol.asyncIterator]();
    expect((await early.next()).value).toMatchObject({ sampleRateHz: 44_100 });
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'is empty'],
    ['text', Buffer.from('Dear Sir or Madam, '.repeat(500)), 'is not audio'],
    ['zeros', Buffer.alloc(20_000), 'is not audio'],
    ['MIDI', Buffer.concat([Buffer.from('MThd'), Buffer.alloc(5000)]), 'cannot decode'],
    [
      'the start of a FLAC',
      readFileSync(lenaFile('flac')).subarray(0, 100),
      'has no audio that can be decoded',
    ],
    [
      'the start of an MP4',
      readFileSync(lenaFile('m4a')).subarray(0, 3000),
      'has no audio that can be decoded',
    ],
    [
      'what only looks like MP3',
      Buffer.alloc(50_000, 0xfb).fill(0xff, 0, 1),
      'has no audio that can be decoded',
    ],
  ])('rejects %s with a UserError', async (_, bytes, words) => {
    const audio = collect(decodeStream(inPieces(bytes, 4096), { name: 'song' }));
    await expect(audio).rejects.toMatchObject({ name: 'UserError', code: 'bad-audio' });
    await expect(audio).rejects.toThrow(new RegExp(`^song .*${words}.*\\.$`));
  });

  it.each(['flac', 'ogg', 'opus', 'aiff'])(
    'yields the audio of a truncated %s, then throws truncated-audio',
    async (extension) => {
      const bytes = readFileSync(lenaFile(extension));
      const pieces = inPieces(bytes.subarray(0, Math.floor(bytes.length * 0.6)), 65_536);
      let seconds = 0;
      const read = async () => {
        for await (const chunk of decodeStream(pieces))
          seconds += chunk.samples.length / chunk.channels / chunk.sampleRateHz;
      };
      await expect(read()).rejects.toMatchObject({ code: 'truncated-audio' });
      expect(seconds).toBeGreaterThan(5);
    },
  );

  it('continues after damage in the middle', async () => {
    const bytes = Buffer.from(readFileSync(lenaFile('mp3')));
    for (let i = 60_000; i < 70_000; i++) bytes[i] = (i * 7919) % 251;
    const audio = await decode(bytes);
    expect(audio.samples.length).toBeGreaterThan(0.9 * lena.length);
  });

  it('ends at once on abort, even while the pipe is silent', async () => {
    const abort = new AbortController();
    const wav = readFileSync(lenaFile('wav'));
    async function* silentPipe() {
      yield wav.subarray(0, 50_000);
      await new Promise(() => {});
    }
    let seconds = 0;
    for await (const chunk of decodeStream(silentPipe(), { signal: abort.signal })) {
      seconds += chunk.samples.length / chunk.sampleRateHz;
      if (seconds > 0.5) setTimeout(() => abort.abort(), 20);
    }
    expect(seconds).toBeGreaterThan(0.5);
  });

  it('closes its input when the consumer stops, and when the input is not audio', async () => {
    let closed = 0;
    async function* watched(bytes: Uint8Array) {
      try {
        for (;;) yield bytes;
      } finally {
        closed++;
      }
    }
    for await (const _ of decodeStream(watched(readFileSync(lenaFile('wav'))))) break;
    await expect(collect(decodeStream(watched(Buffer.from('la la la'))))).rejects.toThrow('not audio');
    expect(closed).toBe(2);
  });

  it('reads no further ahead than it is pulled', async () => {
    const wav = readFileSync(lenaFile('wav'));
    let pulled = 0;
    async function* counted() {
      for await (const piece of inPieces(wav, 8192)) {
        pulled += piece.length;
        yield piece;
      }
    }
    const chunks = decodeStream(counted())[Symbol.asyncIterator]();
    for (let i = 0; i < 3; i++) await chunks.next();
    expect(pulled).toBeLessThan(50_000);
    await chunks.return?.();
  });
});
