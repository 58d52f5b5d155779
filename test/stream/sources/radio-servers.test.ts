import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { publicOnly } from '../../../src/stream/sources/http/address-guard.ts';
import { httpSource } from '../../../src/stream/sources/http.ts';
import { openRecording } from '../../../src/stream/sources/index.ts';
import type { SourceItem } from '../../../src/types.ts';
import { lenaFile } from '../../support/audio.ts';
import { collect, sameSamples } from '../../support/collect.ts';
import { fastClock } from '../../support/fast-clock.ts';
import { rawServer } from '../../support/raw-server.ts';

const mp3 = readFileSync(lenaFile('mp3'));
const never = new AbortController().signal;
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** A server with these answers by path. `HOST` in a head becomes its address. */
async function answering(answers: Record<string, Buffer>): Promise<string> {
  const base: string = await rawServer((path) => {
    const bytes = answers[path] ?? latin1('HTTP/1.0 404 Not Found\r\n\r\n');
    const at = bytes.indexOf('HOST');
    if (at < 0 || at > 2000) return bytes;
    return Buffer.concat([
      bytes.subarray(0, at),
      latin1(base.replace('http://', '')),
      bytes.subarray(at + 4),
    ]);
  });
  return base;
}

const answer = (head: string, body: Buffer = mp3) => Buffer.concat([latin1(`${head}\r\n\r\n`), body]);
const read = (address: string) => collect(openRecording(address).source.open(never));
const whole = collect(openRecording(lenaFile('mp3')).source.open(never));
const expectSong = async (audio: Awaited<ReturnType<typeof read>>) =>
  expect(sameSamples(audio.samples, (await whole).samples)).toBe(true);

describe('a station with a sloppy server is decoded', () => {
  const chunked = Buffer.concat([latin1(`${mp3.length.toString(16)}\r\n`), mp3, latin1('\r\n0\r\n\r\n')]);
  it.each([
    ['ICY 200 OK', answer('ICY 200 OK\r\nicy-name:x\r\ncontent-type:audio/mpeg')],
    ['bare line feeds', Buffer.concat([latin1('HTTP/1.0 200 OK\nContent-Type: audio/mpeg\n\n'), mp3])],
    ['a line without a colon', answer('HTTP/1.0 200 OK\r\nthis is no field\r\nContent-Type: audio/mpeg')],
    ['a space before a colon', answer('HTTP/1.0 200 OK\r\nicy-name : x\r\nContent-Type : audio/mpeg')],
    ['a control character', answer('HTTP/1.0 200 OK\r\nicy-name: a\x01b\r\nContent-Type: audio/mpeg')],
    [
      'a length beside chunks',
      answer('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked', chunked),
    ],
    ['no reason after its status', answer('HTTP/1.0 200\r\nContent-Type: audio/mpeg')],
    ['text/plain as its type', answer('HTTP/1.0 200 OK\r\nContent-Type: text/plain')],
    [
      'text/html as its type, and ICY headers',
      answer('HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nicy-name: x'),
    ],
    [
      'no type, from within a frame',
      answer('HTTP/1.0 200 OK\r\nicy-name: x', Buffer.concat([latin1('junk'), mp3])),
    ],
  ])('%s', async (_name, bytes) => expectSong(await read(`${await answering({ '/': bytes })}/`)));

  it.each(['200', '200, 200', '0', '-5', 'often'])('icy-metaint: %s', async (interval) => {
    const titled: Buffer[] = [];
    for (let at = 0; at < mp3.length; at += 200) {
      titled.push(
        mp3.subarray(at, at + 200),
        at === 400 ? latin1(`\x01${"StreamTitle='';".padEnd(16, '\0')}`) : Buffer.of(0),
      );
    }
    const valid = interval.startsWith('200');
    const head = `ICY 200 OK\r\nicy-metaint: ${interval}\r\nContent-Type: audio/mpeg`;
    const last = mp3.length % 200 === 0 ? titled : titled.slice(0, -1);
    const base = await answering({ '/': answer(head, valid ? Buffer.concat(last) : mp3) });
    await expectSong(await read(`${base}/`));
  });
});

describe('a server that is no station', () => {
  it.each([
    ['SSH-2.0-OpenSSH_9.2\r\n', 'an SSH server answers there'],
    ['220 mail.example ESMTP\r\n', 'a mail or FTP server answers there'],
    ['', 'the server closes the connection without an answer'],
  ])('is named: %j', async (bytes, what) => {
    await expect(read(`${await answering({ '/': latin1(bytes) })}/`)).rejects.toThrow(what);
  });

  it('whose page is text gets a sentence with its type', async () => {
    const base = await answering({
      '/': answer('HTTP/1.0 200 OK\r\nContent-Type: text/html', latin1('<html>Hi</html>')),
    });
    await expect(read(`${base}/`)).rejects.toThrow(/is text\/html, not audio/);
  });
});

it.each(['/n\xc3\xb6ct 0', '/n%C3%B6ct%200', '//HOST/n%C3%B6ct%200#top'])(
  'follows a redirect to %j',
  async (location) => {
    const base = await answering({
      '/': latin1(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\n\r\n`),
      '/n%C3%B6ct%200': answer('HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg'),
    });
    await expectSong(await read(`${base}/`));
  },
);

it.each([
  ['gzip', gzipSync(mp3)],
  ['br', brotliCompressSync(mp3)],
  ['gzip', mp3],
])('decompresses an answer with Content-Encoding: %s', async (encoding, body) => {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}`;
  await expectSong(await read(`${await answering({ '/': answer(head, body) })}/`));
});

it('delivers everything that arrived before the connection dropped', async () => {
  const part = mp3.subarray(0, mp3.length - 3000);
  const base = await answering({ '/': answer(`HTTP/1.1 200 OK\r\nContent-Length: ${mp3.length}`, part) });
  const items: SourceItem[] = [];
  const reading = (async () => {
    for await (const item of httpSource(base, { paced: false }).open(never)) items.push(item);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'unreachable' });
  const samples = items.reduce((sum, item) => sum + (item.type === 'audio' ? item.samples.length : 0), 0);
  expect(samples / 44_100).toBeGreaterThan(11.9);
});

it('loses a station whose bytes give no audio, and opens it again', async () => {
  let requests = 0;
  const url = await rawServer(() => (socket) => {
    socket.write(answer('ICY 200 OK\r\nContent-Type: audio/mpeg'));
    if (requests++ > 0) return;
    const timer = setInterval(() => socket.write(Buffer.alloc(100, 0x55)), 5);
    socket.on('close', () => clearInterval(timer));
  });
  const notices: SourceItem[] = [];
  const abort = new AbortController();
  for await (const item of httpSource(url, { silentMs: 100, retryMs: 1, clock: fastClock() }).open(
    abort.signal,
  )) {
    if (item.type === 'audio') continue;
    notices.push(item);
    if (item.type === 'source-restored') break;
  }
  abort.abort();
  expect(notices).toEqual([
    {
      type: 'source-lost',
      message: expect.stringMatching(/has sent no audio .* for 0 s: trying again/),
      code: 'no-audio',
      values: { seconds: 0 },
    },
    { type: 'source-restored', message: expect.stringContaining('is back') },
  ]);
});

describe('a playlist', () => {
  const song = { '/song': answer('HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg') };
  const list = (text: string, type: string) =>
    answer(`HTTP/1.0 200 OK\r\nContent-Type: ${type}`, latin1(text));
  it.each([
    ['#EXTM3U\r\nhttp://HOST/song\r\n', 'audio/x-mpegurl'],
    ['\xef\xbb\xbf# a comment\nhttp://HOST/gone\n', 'text/plain'],
    ['song\n', 'audio/mpegurl'],
    ['[playlist]\nFile1=http://HOST/song\nNumberOfEntries=1\n', 'audio/x-scpls'],
    ['[Playlist]\r\nfile1=http://HOST/song\r\n', 'text/plain'],
  ])('is followed: %j as %s', async (text, type) => {
    const whole = text.includes('/gone') ? text.replace('/gone', '/song') : text;
    await expectSong(await read(`${await answering({ ...song, '/list': list(whole, type) })}/list`));
  });

  it('on disk may name an address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'undertone-playlist-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const base = await answering(song);
    const path = join(folder, 'radio.m3u');
    writeFileSync(path, `#EXTM3U\n${base}/song\n`);
    await expectSong(await collect(openRecording(path, { playlists: true }).source.open(never)));
  });

  it('from the web never leads to a file, and is subject to the address guard', async () => {
    const base = await answering({
      '/list': list(`#EXTM3U\nfile:///etc/hostname\n${lenaFile('mp3')}\n`, 'audio/x-mpegurl'),
    });
    await expect(read(`${base}/list`)).rejects.toThrow();
    const guarded = httpSource(`${base}/list`, { guard: publicOnly() });
    await expect(collect(guarded.open(never))).rejects.toMatchObject({ code: 'forbidden-address' });
  });

  it('that leads to itself ends with a sentence', async () => {
    const base = await answering({ '/list': list('#EXTM3U\nhttp://HOST/list\n', 'audio/x-mpegurl') });
    await expect(read(`${base}/list`)).rejects.toThrow(/playlist/);
  });
});
