import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlockList } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findFrames } from '../../../src/stream/decode/mpeg-frame.ts';
import { publicOnly } from '../../../src/stream/sources/http/address-guard.ts';
import { httpSource } from '../../../src/stream/sources/http.ts';
import { openRecording } from '../../../src/stream/sources/index.ts';
import type { SourceItem } from '../../../src/types.ts';
import { lenaFile, sine } from '../../support/audio.ts';
import { collect, sameSamples } from '../../support/collect.ts';
import { fastClock } from '../../support/fast-clock.ts';
import { encodeWav } from '../../support/wav.ts';

const RATE_HZ = 16_000;
const samples = sine(440, 4, RATE_HZ).map((value) => Math.round(value * 32_768) / 32_768);
const wav = encodeWav(samples, { sampleRateHz: RATE_HZ, channels: 1, encoding: 's16' });
const FAST = { retryMs: 1, maxRetryMs: 5, stableSeconds: 0.1, clock: fastClock() };

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Items until there are enough, or the source ends. */
async function take(
  items: AsyncIterable<SourceItem>,
  enough: (all: SourceItem[]) => boolean,
): Promise<SourceItem[]> {
  const all: SourceItem[] = [];
  for await (const item of items) {
    all.push(item);
    if (enough(all)) break;
  }
  return all;
}

const never = new AbortController().signal;
const ofType = (items: readonly SourceItem[], type: string) => items.filter((item) => item.type === type);

describe('a broadcast', () => {
  test('that drops and comes back is reported as lost and restored', async () => {
    let requests = 0;
    const base = await serve((_request, response) => {
      requests++;
      if (requests === 2 || requests === 3) response.writeHead(503).end();
      else {
        response.writeHead(200, { 'content-type': 'audio/wav', 'icy-name': 'Test' });
        response.write(wav.subarray(0, wav.length / 2), () => requests === 1 && response.destroy());
      }
    });
    const items = await take(
      httpSource(`${base}/live`, FAST).open(never),
      (all) => ofType(all, 'source-restored').length > 0,
    );
    expect(items.filter(({ type }) => type !== 'audio')).toEqual([
      {
        type: 'source-lost',
        message: expect.stringMatching(/\/live.*: trying again until it is back\.$/),
        code: 'unreachable',
        values: { reason: 'dropped' },
      },
      { type: 'source-restored', message: `${base}/live is back.` },
    ]);
    expect(items[0]!.type).toBe('audio');
    expect(requests).toBe(4);
  });

  test('that cannot be opened at the start throws', async () => {
    const base = await serve((_request, response) => response.writeHead(404).end());
    await expect(take(httpSource(`${base}/live`, FAST).open(never), () => false)).rejects.toMatchObject({
      code: 'http-status',
    });
  });

  test('that needs a password asks for one', async () => {
    const base = await serve((_request, response) => response.writeHead(401).end());
    await expect(take(httpSource(`${base}/live`, FAST).open(never), () => false)).rejects.toMatchObject({
      code: 'http-status',
      message: expect.stringMatching(
        /answered 401: it needs a user and a password.*http:\/\/USER:PASSWORD@host/,
      ),
    });
  });

  test('that stops sending is lost', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(200, { 'icy-name': 'Test' });
      response.write(wav.subarray(0, wav.length / 2));
    });
    const items = await take(
      httpSource(base, { ...FAST, timeoutMs: 1_000 }).open(never),
      (all) => ofType(all, 'source-lost').length > 0,
    );
    expect(items.at(-1)).toMatchObject({ message: expect.stringContaining('no data for 1 s') });
  });

  test('decodes from within a frame, and with titles between the samples', async () => {
    const mp3 = readFileSync(lenaFile('mp3'));
    const inside = mp3.subarray(findFrames(mp3)! + 100);
    const base = await serve((request, response) => {
      if (request.url === '/plain') {
        response.writeHead(200, { 'content-type': 'audio/mpeg', 'icy-name': 'Test' }).end(inside);
        return;
      }
      response.writeHead(200, { 'content-type': 'audio/mpeg', 'icy-metaint': '1000' });
      for (let at = 0; at < inside.length; at += 1000) {
        const title = Buffer.alloc(1 + 16 * (at % 3), '\0StreamTitle=');
        title[0] = at % 3;
        const block = Buffer.concat([inside.subarray(at, at + 1000), title]);
        response.write(block.subarray(0, 700));
        response.write(block.subarray(700));
      }
      response.end();
    });
    const read = (path: string) => collect(openRecording(`${base}${path}`).source.open(never));
    const plain = await read('/plain');
    expect(plain.samples.length / plain.sampleRateHz / plain.channels).toBeGreaterThan(11);
    const titled = await read('/titles');
    expect(sameSamples(titled.samples, plain.samples)).toBe(true);
  });

  test('ends at once on abort, even while it waits', async () => {
    const base = await serve(
      (_request, response) => void response.writeHead(200, { 'icy-name': 'x' }).write(wav.subarray(0, 9_000)),
    );
    const abort = new AbortController();
    const reading = take(httpSource(base).open(abort.signal), () => false);
    setTimeout(() => abort.abort(), 50);
    expect(ofType(await reading, 'source-lost')).toEqual([]);
  });
});

describe('a file', () => {
  test('resumes where its connection dropped', async () => {
    const ranges: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      const { range } = request.headers;
      ranges.push(range && `${range} ${request.headers['if-range']}`);
      const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
      const headers = { 'accept-ranges': 'bytes', etag: '"1"', 'content-length': wav.length - from };
      response.writeHead(range ? 206 : 200, headers);
      const end = Math.min(wav.length, from + 50_000);
      response.write(wav.subarray(from, end), () => (end < wav.length ? response.destroy() : response.end()));
    });
    const audio = await collect(openRecording(`${base}/song.wav`).source.open(never));
    expect(sameSamples(audio.samples, samples)).toBe(true);
    expect(ranges.slice(0, 2)).toEqual([undefined, 'bytes=50000- "1"']);
  });

  test('an endless redirect, or one to another protocol, is an error', async () => {
    const base = await serve((request, response) => {
      const location = request.url === '/file' ? 'file:///etc/passwd' : '/again';
      response.writeHead(302, { location }).end();
    });
    for (const path of ['/again', '/file'])
      await expect(collect(openRecording(base + path).source.open(never))).rejects.toMatchObject({
        code: 'http-status',
      });
  });

  test('a password goes to the host it was given for only', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200, { 'content-length': wav.length }).end(wav);
    });
    const base = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: request.url === '/a' ? '/b' : other }).end();
    });
    const source = httpSource(base.replace('//', '//me:secret@').concat('/a'), { paced: false });
    expect(source.uri).not.toContain('secret');
    await collect(source.open(never));
    const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    expect(seen).toEqual([basic, basic, undefined]);
  });
});

describe('the guard', () => {
  test.each([
    ['93.184.216.34', true],
    ['2606:2800:220:1::1', true],
    ['127.0.0.1', false],
    ['0.0.0.0', false],
    ['10.1.2.3', false],
    ['172.31.0.1', false],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.64.1.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['64:ff9b::7f00:1', false],
    ['nonsense', false],
  ])('%s: %s', (address, allowed) => {
    expect(publicOnly()(address)).toBe(allowed);
  });

  test('rejects private addresses by number, by name and after a redirect, unless they are allowed', async () => {
    const inside = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': wav.length }).end(wav),
    );
    const { port } = new URL(inside);
    const read = async (url: string, guard = publicOnly()) =>
      collect(httpSource(url, { paced: false, guard }).open(never));
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '[::1]'])
      await expect(read(`http://${host}:${port}/`)).rejects.toMatchObject({ code: 'forbidden-address' });
    const allowed = new BlockList();
    allowed.addAddress('127.0.0.1');
    expect((await read(inside, publicOnly(allowed))).samples).toHaveLength(samples.length);
    const door = await serve((_request, response) =>
      response.writeHead(302, { location: `http://[::1]:${port}/` }).end(),
    );
    await expect(read(door, publicOnly(allowed))).rejects.toMatchObject({ code: 'forbidden-address' });
  });
});
