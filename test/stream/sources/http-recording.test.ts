import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecording, openSource } from '../../../src/stream/sources/index.ts';
import { lenaFile, sine } from '../../support/audio.ts';
import { collect, sameSamples } from '../../support/collect.ts';
import { id3, id3v22 } from '../../support/id3.ts';
import { encodeWav } from '../../support/wav.ts';

const never = new AbortController().signal;
const samples = sine(440, 2, 16_000).map((value) => Math.round(value * 32_768) / 32_768);
const wav = encodeWav(samples, { sampleRateHz: 16_000, channels: 1, encoding: 's16' });

const mp3 = readFileSync(lenaFile('mp3'));
const untagged = mp3.subarray(mp3.indexOf(Buffer.of(0xff, 0xfb)));
const tagged = Buffer.concat([
  id3({ TIT2: '\x03Rain', TPE1: '\x03Anna', COMM: `\x03${'x'.repeat(60)}` }),
  untagged,
]);
const oldTagged = Buffer.concat([
  id3v22({
    COM: Buffer.from('\0eng\0x'),
    TT2: Buffer.from('\x01\xff\xfeR\0\xe4\0', 'latin1'),
    TP1: Buffer.from('\0Anna'),
  }),
  untagged,
]);

const ANSWERS: Record<string, (response: ServerResponse) => void> = {
  '/song.wav': (response) => response.setHeader('content-type', 'audio/wav').end(wav),
  '/page': (response) => response.setHeader('content-type', 'text/html; charset=utf-8').end('<p>hello'),
  '/bytes': (response) => response.end(Buffer.alloc(4096, 7)),
  '/broken': (response) => {
    response.writeHead(200, { 'content-length': wav.length });
    response.write(wav.subarray(0, wav.length / 2), () => response.destroy());
  },
  '/tagged.mp3': (response) => response.setHeader('content-length', tagged.length).end(tagged),
  '/old.mp3': (response) => response.setHeader('content-length', oldTagged.length).end(oldTagged),
  '/live.mp3': (response) => {
    response.write(tagged);
    response.end();
  },
  '/moved': (response) => response.writeHead(302, { location: '/song.wav' }).end(),
};

describe('a recording at a web address', () => {
  let server: Server;
  let base: string;
  const read = (path: string) => collect(openRecording(`${base}${path}`).source.open(never));

  beforeAll(async () => {
    server = createServer((request, response) => {
      const answer = ANSWERS[new URL(request.url!, 'http://x').pathname];
      if (answer) answer(response);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('has the samples of the file, also after a redirect', async () => {
    for (const path of ['/song.wav', '/moved']) {
      const audio = await read(path);
      expect(audio).toMatchObject({ sampleRateHz: 16_000, channels: 1 });
      expect(sameSamples(audio.samples, samples)).toBe(true);
    }
  });

  it('has the title of the tag at its start, once; a broadcast has those that it sends', async () => {
    for (const [path, expected] of [
      ['/tagged.mp3', [{ title: 'Rain', artist: 'Anna' }]],
      ['/old.mp3', [{ title: 'Rä', artist: 'Anna' }]],
      ['/live.mp3', []],
    ] as const) {
      const tracks: unknown[] = [];
      for await (const item of openSource(`${base}${path}`, { paced: false }).open(never))
        if (item.type === 'audio' && item.track) tracks.push(item.track);
      expect(tracks, path).toEqual(expected);
    }
  });

  it('is named after the file', () => {
    expect(openRecording(`${base}/My%20Song.mp3?token=secret`).name).toBe('my-song');
  });

  it.each([
    ['/nothing', 'http-status', /answered 404 Not Found: expected an audio file/],
    ['/page', 'bad-audio', /is text\/html, not audio/],
    ['/bytes', 'bad-audio', /not audio that undertone knows/],
    ['/broken', 'unreachable', /the connection dropped/],
  ])('%s is an error with its reason', async (path, code, message) => {
    await expect(read(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('does not show the secrets of an address in errors', async () => {
    await expect(read('/nothing?token=secret')).rejects.toMatchObject({
      message: expect.not.stringContaining('secret'),
    });
  });

  it('reports a server that does not answer, and an invalid address', async () => {
    const read = async (url: string) => collect(openRecording(url).source.open(never));
    await expect(read('http://127.0.0.1:9/song.mp3')).rejects.toMatchObject({ code: 'unreachable' });
    await expect(read('http://')).rejects.toMatchObject({ code: 'bad-url' });
  });

  it('ends the request on abort', async () => {
    const abort = new AbortController();
    const items = openRecording(`${base}/song.wav`).source.open(abort.signal)[Symbol.asyncIterator]();
    await items.next();
    abort.abort();
    expect((await items.next()).done).toBe(true);
  });
});
