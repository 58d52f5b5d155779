import { readFileSync } from 'node:fs';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fetchAudio } from '../../../../src/stream/sources/http/fetch-audio.ts';
import { httpSource } from '../../../../src/stream/sources/http.ts';
import { lenaFile, sine } from '../../../support/audio.ts';
import { collect, sameSamples } from '../../../support/collect.ts';
import { answerOf, rawServer } from '../../../support/raw-server.ts';
import { encodeWav } from '../../../support/wav.ts';

const samples = sine(440, 2, 16_000).map((value) => Math.round(value * 32_768) / 32_768);
const wav = Buffer.from(encodeWav(samples, { sampleRateHz: 16_000, channels: 1, encoding: 's16' }));
const signal = new AbortController().signal;
const read = (url: string) => collect(httpSource(url, { paced: false }).open(signal));
const ok = (fields: readonly string[], body: Uint8Array) => answerOf(['HTTP/1.0 200 OK', ...fields], body);
const length = (body: Uint8Array) => `Content-Length: ${body.length}`;

describe('the bytes decide, not the type', () => {
  test.each(['text/plain', 'text/html; charset=utf-8', 'application/json', 'image/png', 'x', ''])(
    'audio announced as "%s" is played',
    async (type) => {
      for (const fields of [[length(wav)], ['icy-name: x']]) {
        const base = await rawServer(() => ok([...(type ? [`Content-Type: ${type}`] : []), ...fields], wav));
        expect(sameSamples((await read(base)).samples, samples)).toBe(true);
      }
    },
  );

  test.each([
    ['text/html', '<!doctype html><title>x</title>', 'is text/html, not audio'],
    ['text/plain', 'Not here.', 'is text/plain, not audio'],
    ['application/json', '{"error": 1}', 'is application/json, not audio'],
    ['audio/mpeg', '<html><body>Sorry</body></html>', 'is a web page, not audio'],
    ['', 'Sorry', 'is text, not audio'],
    ['font/woff', 'wOFF\0\x01\0\0', 'not audio that undertone knows'],
    ['image/png', '\x89PNG\r\n\x1a\n\0\0\0', 'the server announces it as image/png.'],
    ['application/gzip', '\x1f\x8b\x08\0\0\0', 'is compressed with gzip: unpack it'],
  ])('%s with %j serves the sentence', async (type, body, message) => {
    const base = await rawServer(() => ok([`Content-Type: ${type}`], Buffer.from(body, 'latin1')));
    await expect(read(base)).rejects.toMatchObject({
      code: 'bad-audio',
      message: expect.stringContaining(message),
    });
  });
});

describe('a redirect', () => {
  test.each([
    ['UTF-8', Buffer.from('/nöct 0').toString('latin1'), '/n%C3%B6ct%200'],
    ['Latin-1', '/n\xf6ct', '/n%F6ct'],
    ['a relative address', 'b/c', '/a/b/c'],
    ['a relative address upwards', '../c?x=1', '/c?x=1'],
    ['a fragment', '/c#t=10', '/c'],
    ['spaces around', '  /c  ', '/c'],
  ])('to %s is followed', async (_what, location, path) => {
    const base = await rawServer((asked) =>
      asked === '/a/start'
        ? answerOf(['HTTP/1.1 302 Found', `Location: ${location}`], Buffer.alloc(0))
        : asked === path
          ? ok([length(wav)], wav)
          : answerOf(['HTTP/1.1 404 Not Found'], Buffer.alloc(0)),
    );
    expect(sameSamples((await read(`${base}/a/start`)).samples, samples)).toBe(true);
  });

  test('without a scheme keeps that of the first address', async () => {
    const base = await rawServer((path) =>
      path === '/a'
        ? answerOf(['HTTP/1.1 301 Moved', `Location: ${base.slice('http:'.length)}/b`], Buffer.alloc(0))
        : ok([], wav),
    );
    expect((await read(`${base}/a`)).samples).toHaveLength(samples.length);
  });
});

describe('compressed answers', () => {
  test.each([
    ['gzip', gzipSync(wav)],
    ['x-gzip', gzipSync(wav)],
    ['deflate', deflateSync(wav)],
    ['deflate', deflateRawSync(wav)],
    ['br', brotliCompressSync(wav)],
    ['gzip, br', brotliCompressSync(gzipSync(wav))],
    ['gzip', wav],
    ['deflate', wav],
    ['br', wav],
    ['utf-8', wav],
  ])('%s', async (encoding, body) => {
    for (const fields of [[length(body)], []]) {
      const base = await rawServer(() => ok([`Content-Encoding: ${encoding}`, ...fields], body));
      expect(sameSamples((await read(base)).samples, samples)).toBe(true);
    }
  });

  test('damage has a sentence', async () => {
    const damaged = gzipSync(wav);
    damaged.fill(0xff, Math.floor(damaged.length / 2));
    const base = await rawServer(() => ok(['Content-Encoding: gzip', length(damaged)], damaged));
    await expect(read(base)).rejects.toMatchObject({
      code: 'bad-audio',
      message: expect.stringContaining('cannot be decompressed (gzip)'),
    });
  });
});

describe('what had arrived when the connection broke off', () => {
  test.each([
    ['the end is missing', false, [`Content-Length: ${wav.length + 1000}`]],
    ['a reset', true, [`Content-Length: ${wav.length + 1000}`]],
    ['the end of the chunks is missing', false, ['Transfer-Encoding: chunked']],
  ])('comes before the fault: %s', async (_what, reset, fields) => {
    const chunked = fields[0]!.includes('chunked');
    const body = chunked ? Buffer.concat([Buffer.from(`${wav.length.toString(16)}\r\n`), wav]) : wav;
    const base = await rawServer(() => (socket) => {
      socket.write(answerOf(['HTTP/1.1 200 OK', ...fields], body), () => {
        if (reset) setTimeout(() => socket.resetAndDestroy(), 50);
        else socket.end();
      });
    });
    const { bytes } = await fetchAudio(base, { signal, timeoutMs: 5_000 });
    let received = 0;
    const reading = (async () => {
      for await (const piece of bytes) {
        received += piece.length;
        // A consumer that is slower than the network, so that the rest waits in buffers.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'unreachable' });
    expect(received).toBe(wav.length);
    // And to the end of the path, all of its samples before the fault.
    const got: number[] = [];
    const tracking = (async () => {
      for await (const item of httpSource(base, { paced: false }).open(signal))
        if (item.type === 'audio') got.push(item.samples.length);
    })();
    await expect(tracking).rejects.toMatchObject({ code: 'unreachable' });
    expect(got.reduce((sum, count) => sum + count, 0)).toBe(samples.length);
  });
});

describe('icy-metaint', () => {
  const audio = readFileSync(lenaFile('mp3'));
  const withTitles = (every: number, titles: readonly string[]): Buffer => {
    const parts: Uint8Array[] = [];
    for (let at = 0, i = 0; at < audio.length; at += every, i++) {
      parts.push(audio.subarray(at, at + every));
      if (at + every > audio.length) break;
      const title = Buffer.from(titles[i % titles.length]!, 'latin1');
      const block = Buffer.alloc(1 + 16 * Math.ceil(title.length / 16));
      block[0] = Math.ceil(title.length / 16);
      title.copy(block, 1);
      parts.push(block);
    }
    return Buffer.concat(parts);
  };
  const bytesOf = async (fields: readonly string[], body: Uint8Array) => {
    const base = await rawServer(() => ok(['Content-Type: audio/mpeg', 'icy-br: 128', ...fields], body));
    const pieces: Uint8Array[] = [];
    for await (const piece of (await fetchAudio(base, { signal, timeoutMs: 5_000 })).bytes)
      pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const TITLES = ['', "StreamTitle='caf\xe9 \xff\xfb\x90\x64 it's';StreamUrl='';", ''];

  test.each([
    ['once', ['icy-metaint: 4096']],
    ['twice', ['icy-metaint: 4096', 'icy-metaint: 4096']],
    ['joined', ['icy-metaint: 4096, 4096']],
  ])('sent %s: the titles are removed', async (_what, fields) => {
    expect((await bytesOf(fields, withTitles(4096, TITLES))).equals(audio)).toBe(true);
  });

  test.each(['0', '-1', '8192.5', 'none', '1e3', '', '99999999999'])(
    'of "%s": all bytes are audio',
    async (value) => {
      expect((await bytesOf([`icy-metaint: ${value}`], audio)).equals(audio)).toBe(true);
    },
  );

  test('that is wrong removes no more than counts of 0', async () => {
    for (const interval of [16, 1000, 4096, 8192]) {
      const bytes = await bytesOf([`icy-metaint: ${interval}`], audio);
      expect(audio.length - bytes.length).toBeLessThan(20);
      expect(bytes.subarray(-1000).equals(audio.subarray(-1000))).toBe(true);
    }
  });
});
