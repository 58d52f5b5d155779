import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { publicOnly } from '../../../../src/stream/sources/http/address-guard.ts';
import { httpSource } from '../../../../src/stream/sources/http.ts';
import { openRecording, openSource } from '../../../../src/stream/sources/index.ts';
import { stdinSource } from '../../../../src/stream/sources/stdin.ts';
import type { SourceItem } from '../../../../src/types.ts';
import { sine } from '../../../support/audio.ts';
import { collect, inPieces, sameSamples } from '../../../support/collect.ts';
import { answerOf, rawServer } from '../../../support/raw-server.ts';
import { encodeWav } from '../../../support/wav.ts';

const samples = sine(440, 1, 16_000).map((value) => Math.round(value * 32_768) / 32_768);
const wav = Buffer.from(encodeWav(samples, { sampleRateHz: 16_000, channels: 1, encoding: 's16' }));
const signal = new AbortController().signal;

/** Serves texts by their path, `/live` as a broadcast, and `/song` as a file. */
async function serve(
  texts: Readonly<Record<string, readonly [type: string, text: string]>>,
): Promise<string> {
  const base = await rawServer((path) => {
    if (path === '/live') return answerOf(['ICY 200 OK', 'icy-br: 128'], wav);
    if (path.startsWith('/song')) return answerOf(['HTTP/1.0 200 OK', `Content-Length: ${wav.length}`], wav);
    const [type, text] = texts[path] ?? [];
    if (type === undefined) return answerOf(['HTTP/1.0 404 Not Found'], Buffer.alloc(0));
    const body = Buffer.from(text!.replaceAll('BASE', base), 'latin1');
    return answerOf(['HTTP/1.0 200 OK', `Content-Type: ${type}`, `Content-Length: ${body.length}`], body);
  });
  return base;
}

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const read = (url: string, options = {}) =>
  collect(httpSource(url, { paced: false, ...options }).open(signal));
const file = (path: string) => openRecording(path, { playlists: true }).source.open(signal);

async function itemsOf(items: AsyncIterable<SourceItem>) {
  const all: SourceItem[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a playlist on the web', () => {
  test.each([
    ['audio/x-scpls', '[playlist]\nNumberOfEntries=1\nFile1=BASE/live\n'],
    ['audio/x-mpegurl', '#EXTM3U\r\n#EXTINF:-1,Caf\xe9\r\nBASE/live\r\n'],
    ['audio/x-mpegurl', '\xef\xbb\xbf#EXTM3U\nlive\n'],
    ['text/plain', 'BASE/live\n'],
    ['text/html', '#EXTM3U\n/live\n'],
    ['audio/mpeg', '[playlist]\nFile1=live\n'],
    ['application/xspf+xml', '<playlist><track><location>live</location></track></playlist>'],
    ['video/x-ms-asf', '<asx><entry><ref href="BASE/live"/></entry></asx>'],
  ])('as %s: %j is followed to the stream', async (type, text) => {
    const base = await serve({ '/list': [type, text] });
    expect(sameSamples((await read(`${base}/list`)).samples, samples)).toBe(true);
  });

  test('goes on after an entry that fails, and ends with the first broadcast', async () => {
    const list = '[playlist]\nFile1=BASE/gone\nFile2=BASE/live\nFile3=BASE/live\n';
    const base = await serve({ '/list.pls': ['audio/x-scpls', list] });
    const items = await itemsOf(httpSource(`${base}/list.pls`, { paced: false }).open(signal));
    expect(items[0]).toEqual({
      type: 'source-lost',
      message: expect.stringMatching(/\/gone answered 404 .*; trying the next entry of .*\/list\.pls\.$/),
      code: 'http-status',
      values: { status: 404, next: `${base}/list.pls` },
    });
    expect(items[1]!.type).toBe('source-restored');
    const seconds = items.flatMap((item) => (item.type === 'audio' ? [item.samples.length] : []));
    expect(seconds.reduce((sum, count) => sum + count, 0)).toBe(samples.length);
  });

  test('of files plays them in order, of dead addresses throws the first error', async () => {
    const base = await serve({
      '/files.m3u': ['audio/x-mpegurl', 'song1\nsong2\n'],
      '/dead.m3u': ['audio/x-mpegurl', 'a\nb\n'],
    });
    expect((await read(`${base}/files.m3u`)).samples).toHaveLength(2 * samples.length);
    await expect(read(`${base}/dead.m3u`)).rejects.toMatchObject({
      code: 'http-status',
      message: expect.stringContaining('/a answered 404'),
    });
  });

  test('does not end in a circle, and asks no more than some addresses', async () => {
    let requests = 0;
    const base = await rawServer((path) => {
      requests++;
      const list =
        path === '/circle' ? '/circle\n' : Array.from({ length: 500 }, (_, i) => `/gone${i}`).join('\n');
      return path.startsWith('/gone')
        ? answerOf(['HTTP/1.0 404 Not Found'], Buffer.alloc(0))
        : answerOf(['HTTP/1.0 200 OK', 'Content-Type: audio/x-mpegurl'], Buffer.from(list));
    });
    await expect(read(`${base}/circle`)).rejects.toMatchObject({
      message: expect.stringContaining(
        'is reached through more than 3 playlists; perhaps one contains itself',
      ),
    });
    await expect(read(`${base}/list`)).rejects.toMatchObject({ code: 'http-status' });
    expect(requests).toBeLessThan(50);
  });

  test('that is cut is not followed', async () => {
    const base = await rawServer((path) =>
      answerOf(
        ['HTTP/1.0 200 OK', 'Content-Length: 90'],
        path === '/list' ? Buffer.from('#EXTM3U\n/son') : wav,
      ),
    );
    await expect(read(`${base}/list`)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('/list cannot be read: the connection dropped'),
    });
  });

  test('names no file of this computer and no private address', async () => {
    const folder = folderWith({ 'song.wav': wav });
    const base = await serve({
      '/file.m3u': ['audio/x-mpegurl', `#EXTM3U\nfile://${folder}/song.wav\n`],
      '/inside.m3u': ['audio/x-mpegurl', `#EXTM3U\nhttp://[::1]:1/\nhttp://localhost:1/\n`],
    });
    await expect(read(`${base}/file.m3u`)).rejects.toMatchObject({ code: 'bad-url' });
    const allowed = new BlockList();
    allowed.addAddress('127.0.0.1');
    await expect(read(`${base}/inside.m3u`, { guard: publicOnly(allowed) })).rejects.toMatchObject({
      code: 'forbidden-address',
    });
  });

  test.each([
    ['#EXTM3U\n#EXT-X-ENDLIST\n', 'is an HLS playlist without a segment'],
    ['<MPD></MPD>', 'is a DASH playlist, which is not supported: use an HLS address'],
    ['#EXTM3U\n', 'is an empty playlist (M3U)'],
    ['[playlist]\n', 'is an empty playlist (PLS)'],
  ])('%j has a sentence', async (text, message) => {
    const base = await serve({ '/x': ['text/plain', text] });
    await expect(read(`${base}/x`)).rejects.toMatchObject({
      code: 'bad-audio',
      message: expect.stringContaining(message),
    });
  });
});

describe('a playlist in a file', () => {
  test('plays files and addresses in order', async () => {
    const base = await serve({});
    const folder = folderWith({
      'a b.wav': wav,
      'ä.wav': wav,
      'list.m3u': Buffer.from('#EXTM3U\r\na b.wav\r\n\xe4.wav\r\n.\\a b.wav\r\n', 'latin1'),
      'all.m3u8': `list.m3u\n${base}/song\n`,
    });
    expect((await collect(file(join(folder, 'list.m3u')))).samples).toHaveLength(3 * samples.length);
    expect((await collect(file(join(folder, 'all.m3u8')))).samples).toHaveLength(4 * samples.length);
  });

  test('that contains itself, or has more than 1 MB, is refused in a sentence', async () => {
    const folder = folderWith({ 'me.m3u': 'me.m3u\n', 'long.m3u': 'a.wav\n'.repeat(200_000) });
    await expect(itemsOf(file(join(folder, 'me.m3u')))).rejects.toThrow(
      /^me\.m3u is reached through more than 3/,
    );
    await expect(itemsOf(file(join(folder, 'long.m3u')))).rejects.toThrow(
      'long.m3u is a playlist of more than 1 MB: split it into shorter ones.',
    );
  });

  test('reports a file that is missing', async () => {
    const folder = folderWith({
      'a.wav': wav,
      'list.m3u': 'a.wav\nb.wav\na.wav\n',
      'end.m3u': 'a.wav\nb.wav\n',
    });
    const types = (await itemsOf(file(join(folder, 'list.m3u')))).map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(['audio', 'source-lost', 'source-restored']));
    await expect(itemsOf(file(join(folder, 'end.m3u')))).rejects.toMatchObject({ code: 'no-file' });
  });

  test('is followed only where the user chose it', async () => {
    const folder = folderWith({ 'a.wav': wav, 'list.m3u': 'a.wav\n' });
    const path = join(folder, 'list.m3u');
    const refused = {
      code: 'bad-audio',
      message: 'list.m3u is a playlist (M3U), not audio: use what it contains instead, such as a.wav.',
    };
    await expect(collect(openRecording(path).source.open(signal))).rejects.toMatchObject(refused);
    await expect(collect(openSource(`file:${path}`).open(signal))).rejects.toMatchObject(refused);
    const piped = stdinSource('stdin:', {
      input: inPieces(Buffer.from('#EXTM3U\nhttp://x/?token=secret\n'), 5),
    });
    await expect(collect(piped.open(signal))).rejects.toMatchObject({
      message:
        'Standard input is a playlist (M3U), not audio: use what it contains instead, such as http://x/.',
    });
  });

  test('in UTF-16 is read', async () => {
    const folder = folderWith({ 'ä.wav': wav, 'list.m3u': Buffer.from('\uFEFFä.wav\r\n', 'utf16le') });
    expect((await collect(file(join(folder, 'list.m3u')))).samples).toHaveLength(samples.length);
  });
});
