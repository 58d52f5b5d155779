import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type ByteInput, stdinSource } from '../../../src/stream/sources/stdin.ts';
import { sine } from '../../support/audio.ts';
import { collect, inPieces, sameSamples } from '../../support/collect.ts';
import { encodeWav } from '../../support/wav.ts';

const never = new AbortController().signal;
const samples = sine(330, 1.2, 16_000).map((value) => Math.round(value * 32768) / 32768);
const wav = encodeWav(samples, { sampleRateHz: 16_000, channels: 2, encoding: 's16' });

/** As `process.stdin` does, it hands out Buffers, and pieces of any size. */
function pipe(bytes: Uint8Array, size: number): ByteInput {
  return Readable.from(
    (async function* () {
      for await (const piece of inPieces(bytes, size)) yield Buffer.from(piece);
    })(),
    { objectMode: true },
  );
}

describe('stdin:', () => {
  it('decodes a recording', async () => {
    const audio = await collect(stdinSource('stdin:', { input: pipe(wav, 999) }).open(never));
    expect(audio).toMatchObject({ sampleRateHz: 16_000, channels: 2 });
    expect(sameSamples(audio.samples, samples)).toBe(true);
  });

  it('decodes raw PCM whose pieces cut every frame', async () => {
    const pcm = { format: 's16le', sampleRateHz: 16_000, channels: 2 } as const;
    const audio = await collect(
      stdinSource('stdin:', { pcm, input: pipe(wav.subarray(44), 1001) }).open(never),
    );
    expect(audio).toMatchObject({ sampleRateHz: 16_000, channels: 2 });
    expect(sameSamples(audio.samples, samples)).toBe(true);
    for (const chunk of audio.chunks) expect(chunk.samples.length).toBeLessThanOrEqual(16_000);
  });

  it('yields the whole samples, then reports that the last one was cut', async () => {
    const pcm = { format: 's16le', sampleRateHz: 16_000, channels: 2 } as const;
    let frames = 0;
    const read = async () => {
      const source = stdinSource('stdin:', { pcm, input: pipe(wav.subarray(44, 44 + 403), 100) });
      for await (const item of source.open(never))
        if (item.type === 'audio') frames += item.samples.length / 2;
    };
    await expect(read()).rejects.toMatchObject({ code: 'truncated-audio' });
    expect(frames).toBe(100);
  });

  it('reads no faster than it is pulled', async () => {
    let pulled = 0;
    async function* endless() {
      for (;;) {
        pulled++;
        yield new Uint8Array(6400);
      }
    }
    const pcm = { format: 's16le', sampleRateHz: 16_000, channels: 2 } as const;
    const items = stdinSource('stdin:', { pcm, input: endless() }).open(never)[Symbol.asyncIterator]();
    for (let i = 0; i < 5; i++) await items.next();
    expect(pulled).toBeLessThanOrEqual(6);
  });

  it.each([
    ['nothing', () => stdinSource('stdin:', { input: pipe(Buffer.alloc(0), 1) }), 'bad-audio'],
    [
      'no raw samples',
      () =>
        stdinSource('stdin:', {
          pcm: { format: 'f32le', sampleRateHz: 8000, channels: 1 },
          input: pipe(Buffer.alloc(0), 1),
        }),
      'bad-audio',
    ],
    [
      'a terminal',
      () => stdinSource('stdin:', { input: Object.assign(pipe(wav, 100), { isTTY: true }) }),
      'bad-source',
    ],
  ])('rejects %s', async (_, open, code) => {
    await expect(async () => collect(open().open(never))).rejects.toMatchObject({ name: 'UserError', code });
  });

  it('can be read only once', async () => {
    const source = stdinSource('stdin:', { input: pipe(wav, 5000) });
    await collect(source.open(never));
    expect(() => source.open(never)).toThrow('only once');
  });
});
