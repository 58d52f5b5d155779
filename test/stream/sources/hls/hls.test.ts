import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, BlockList } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { frameHeader } from '../../../../src/stream/decode/mpeg-frame.ts';
import { publicOnly } from '../../../../src/stream/sources/http/address-guard.ts';
import { type HttpOptions, httpSource } from '../../../../src/stream/sources/http.ts';
import type { AudioChunk } from '../../../../src/types.ts';
import { lenaFile } from '../../../support/audio.ts';
import { collect, sameSamples } from '../../../support/collect.ts';
import { fastClock } from '../../../support/fast-clock.ts';
import { AUDIO_PID, TITLE_PID, transportStream } from '../../../support/transport-stream.ts';

const aac = readFileSync(lenaFile('aac'));
const mp3 = readFileSync(lenaFile('mp3'));
const never = new AbortController().signal;

type Answer = Uint8Array | string | ((request: IncomingMessage, response: ServerResponse) => void);

async function serve(answers: Record<string, Answer>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url!];
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === 'function') answer(request, response);
    else response.setHeader('Content-Length', Buffer.byteLength(answer)).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const read = (url: string, options: HttpOptions = {}) =>
  collect(httpSource(url, { paced: false, ...options }).open(never));

/** A file in parts that begin with whole frames, as a segmenter cuts it. */
function framesIn(file: Uint8Array, parts: number): Uint8Array[] {
  const starts = [0];
  for (let at = 0; at < file.length; ) {
    if (at >= (starts.length * file.length) / parts) starts.push(at);
    at += frameHeader(file, at)?.bytes || 1;
  }
  return starts.map((start, i) => file.subarray(start, starts[i + 1]));
}

const segments = framesIn(aac, 4);
const list = (lines: readonly string[], { first = 0, ended = true } = {}) =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-TARGETDURATION:4',
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    ...lines,
    ...(ended ? ['#EXT-X-ENDLIST'] : []),
  ].join('\n');
const entry = (uri: string, title = '') => `#EXTINF:3.1,${title}\n${uri}`;
const packed = Object.fromEntries(segments.map((bytes, i) => [`/audio/${i}.aac`, bytes]));
const packedList = list(segments.map((_, i) => entry(`${i}.aac`)));

const whole = async (bytes: Uint8Array) => read(`${await serve({ '/file': bytes })}/file`);

describe('an HLS recording gives the same samples as the whole file', () => {
  test('in segments of plain AAC', async () => {
    const base = await serve({ ...packed, '/audio/list.m3u8': packedList });
    expect(sameSamples((await read(`${base}/audio/list.m3u8`)).samples, (await whole(aac)).samples)).toBe(
      true,
    );
  });

  test('in segments of plain MP3, with timestamps in ID3', async () => {
    const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x16PRIV\0\0\0\x0c\0\0'), Buffer.alloc(12)]);
    const parts = framesIn(mp3, 3).map((bytes) => Buffer.concat([tag, bytes]));
    const base = await serve({
      ...Object.fromEntries(parts.map((bytes, i) => [`/${i}.mp3`, bytes])),
      '/list.m3u8': list(parts.map((_, i) => entry(`${i}.mp3`))),
    });
    expect(sameSamples((await read(`${base}/list.m3u8`)).samples, (await whole(mp3)).samples)).toBe(true);
  });

  test('in an MPEG transport stream', async () => {
    const streams = segments.map((bytes) =>
      transportStream(framesIn(bytes, 5).map((payload) => ({ pid: AUDIO_PID, payload }))),
    );
    const base = await serve({
      ...Object.fromEntries(streams.map((bytes, i) => [`/${i}.ts`, bytes])),
      '/list.m3u8': list(streams.map((_, i) => entry(`${i}.ts`))),
    });
    expect(sameSamples((await read(`${base}/list.m3u8`)).samples, (await whole(aac)).samples)).toBe(true);
  });

  test.each([true, false])('in byte ranges of one file, by a server that knows ranges: %s', async (knows) => {
    let at = 0;
    const lines = segments.map((bytes) => {
      const line = `#EXT-X-BYTERANGE:${bytes.length}@${at}\n${entry('all.aac')}`;
      at += bytes.length;
      return line;
    });
    const base = await serve({
      '/list.m3u8': list(lines),
      '/all.aac': (request, response) => {
        const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
        if (!knows) response.end(aac);
        else response.writeHead(206).end(aac.subarray(Number(from), Number(to) + 1));
      },
    });
    expect(sameSamples((await read(`${base}/list.m3u8`)).samples, (await whole(aac)).samples)).toBe(true);
  });

  test('by a master playlist, whose audio of its own is chosen', async () => {
    const master = [
      '#EXTM3U',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="de",DEFAULT=NO,URI="no.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",DEFAULT=YES,URI="audio/list.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=640x360,AUDIO="a"',
      'no.m3u8',
    ].join('\n');
    const base = await serve({ ...packed, '/audio/list.m3u8': packedList, '/master.m3u8': master });
    expect(sameSamples((await read(`${base}/master.m3u8`)).samples, (await whole(aac)).samples)).toBe(true);
  });

  test.each([
    ['CODECS="mp4a.40.2"', 'CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=640x360'],
    ['CODECS="mp4a.40.2"', 'CODECS="mp4a.40.5"'],
  ])('by a master playlist without one: %s, not %s', async (wanted, other) => {
    const master = [
      '#EXTM3U',
      `#EXT-X-STREAM-INF:BANDWIDTH=${wanted.includes('avc1') ? 1 : 64_000},${wanted}`,
      'audio/list.m3u8',
      `#EXT-X-STREAM-INF:BANDWIDTH=128000,${other}`,
      'no.m3u8',
    ].join('\n');
    const base = await serve({ ...packed, '/audio/list.m3u8': packedList, '/master.m3u8': master });
    expect((await read(`${base}/master.m3u8`)).samples.length).toBeGreaterThan(500_000);
  });
});

test('a discontinuity begins anew, also in another format', async () => {
  const base = await serve({
    '/a.aac': aac,
    '/b.mp3': mp3,
    '/list.m3u8': list([entry('a.aac'), `#EXT-X-DISCONTINUITY\n${entry('b.mp3')}`]),
  });
  const { samples } = await read(`${base}/list.m3u8`);
  const [a, b] = [await whole(aac), await whole(mp3)];
  expect(samples.length).toBe(a.samples.length + b.samples.length);
  expect(sameSamples(samples.subarray(a.samples.length), b.samples)).toBe(true);
});

describe('titles of an HLS stream', () => {
  const id3 = (title: string, artist: string) => {
    const frame = (name: string, text: string) => {
      const body = Buffer.from(`\x03${text}`);
      return Buffer.concat([Buffer.from(name), Buffer.from([0, 0, 0, body.length, 0, 0]), body]);
    };
    const frames = Buffer.concat([frame('TIT2', title), frame('TPE1', artist)]);
    return Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0'), Buffer.from([frames.length]), frames]);
  };
  const titlesOf = (chunks: readonly AudioChunk[]) => {
    let samples = 0;
    return chunks.flatMap((chunk) => {
      const seconds = samples / 44_100;
      samples += chunk.samples.length / chunk.channels;
      return chunk.track ? [{ ...chunk.track, seconds }] : [];
    });
  };

  test('come from ID3 at the start of a segment', async () => {
    const tagged = { ...packed, '/audio/2.aac': Buffer.concat([id3('Zwei', 'Ä'), segments[2]!]) };
    const base = await serve({ ...tagged, '/audio/list.m3u8': packedList });
    const titles = titlesOf((await read(`${base}/audio/list.m3u8`)).chunks);
    expect(titles).toEqual([{ title: 'Zwei', artist: 'Ä', seconds: expect.closeTo(6.15, 0) }]);
  });

  test('come from timed ID3 in a transport stream', async () => {
    const [first, second] = framesIn(aac, 2);
    const ts = transportStream([
      ...framesIn(first!, 5).map((payload) => ({ pid: AUDIO_PID, payload })),
      { pid: TITLE_PID, payload: id3('Song', 'Artist') },
      ...framesIn(second!, 5).map((payload) => ({ pid: AUDIO_PID, payload })),
    ]);
    const base = await serve({ '/0.ts': ts, '/list.m3u8': list([entry('0.ts')]) });
    const titles = titlesOf((await read(`${base}/list.m3u8`)).chunks);
    expect(titles).toMatchObject([{ title: 'Song', artist: 'Artist' }]);
  });

  test('come from the list, if they look like titles', async () => {
    const names = ['no desc', 'title="Eins",artist="A",url="x"', 'B - Zwei', ''];
    const base = await serve({
      ...packed,
      '/audio/list.m3u8': list(segments.map((_, i) => entry(`${i}.aac`, names[i]))),
    });
    expect(titlesOf((await read(`${base}/audio/list.m3u8`)).chunks)).toMatchObject([
      { title: 'Eins', artist: 'A' },
      { title: 'Zwei', artist: 'B' },
    ]);
  });
});

describe('an HLS broadcast', () => {
  /** A server whose list has other segments at each load; after the last it is over. */
  async function changing(
    loads: readonly (readonly [first: number, count: number])[],
    missing: number[] = [],
  ) {
    let load = 0;
    return serve({
      ...Object.fromEntries(
        Object.entries(packed).filter(([path]) => !missing.some((i) => path.endsWith(`/${i}.aac`))),
      ),
      '/audio/list.m3u8': (_request, response) => {
        const [first, count] = loads[Math.min(load++, loads.length - 1)]!;
        const lines = Array.from({ length: count }, (_, i) => entry(`${first + i}.aac`));
        response.end(list(lines, { first, ended: load >= loads.length }));
      },
    });
  }
  const live = async (base: string, clock = fastClock()) => read(`${base}/audio/list.m3u8`, { clock });

  test('is loaded again at its pace, and each segment is played once', async () => {
    const clock = fastClock();
    const base = await changing([
      [0, 1],
      [0, 1],
      [0, 2],
      [1, 3],
    ]);
    expect(sameSamples((await live(base, clock)).samples, (await whole(aac)).samples)).toBe(true);
    expect(clock.waits).toEqual([4000, 2000, 4000]);
  });

  test('begins three segments before its end', async () => {
    const { samples } = await live(
      await changing([
        [0, 4],
        [0, 4],
      ]),
    );
    expect(samples.length / 44_100).toBeCloseTo(3 * 3.1, 0);
  });

  test('goes on without a segment that is missing or was removed', async () => {
    for (const base of [
      await changing(
        [
          [0, 1],
          [0, 4],
        ],
        [1],
      ),
      await changing([
        [0, 1],
        [2, 2],
      ]),
    ]) {
      const { samples } = await live(base);
      expect(samples.length / 44_100).toBeCloseTo(3 * 3.1, 0);
    }
  });

  test('whose list does not go on is lost, and opened again', async () => {
    let loads = 0;
    const base = await serve({
      ...packed,
      '/audio/list.m3u8': (_request, response) => {
        loads++;
        response.end(list([entry('0.aac')], { ended: false }));
      },
    });
    const abort = new AbortController();
    const notices: string[] = [];
    const source = httpSource(`${base}/audio/list.m3u8`, { clock: fastClock() });
    for await (const item of source.open(abort.signal)) {
      if ('message' in item) notices.push(item.message);
      if (notices.length === 2) break;
    }
    abort.abort();
    expect(notices[0]).toMatch(/has had no new segment for \d+ s: trying again until it is back\.$/);
    expect(notices[1]).toMatch(/is back\.$/);
    expect(loads).toBeGreaterThan(10);
  });
});

test('a password goes to the segments of the same server, and is in no address that is shown', async () => {
  const wanted = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  const guarded =
    (answer: Uint8Array | string): Answer =>
    (request, response) => {
      if (request.headers.authorization === wanted) response.end(answer);
      else response.writeHead(401).end();
    };
  const base = await serve({
    '/list.m3u8?token=hidden': guarded(list([entry('a.aac'), entry('gone.aac')])),
    '/a.aac': guarded(segments[0]!),
  });
  const url = `${base.replace('//', '//me:secret@')}/list.m3u8?token=hidden`;
  const chunks: AudioChunk[] = [];
  const reading = (async () => {
    const source = httpSource(url, { paced: false });
    expect(source.uri).toBe(`${base}/list.m3u8`);
    for await (const item of source.open(never)) if (item.type === 'audio') chunks.push(item);
  })();
  await expect(reading).rejects.toMatchObject({
    message: expect.not.stringMatching(/secret|hidden/),
    code: 'http-status',
  });
  expect(chunks.length).toBeGreaterThan(3);
});

describe('an HLS stream that cannot be played has a sentence', () => {
  const failure = async (answers: Record<string, Answer>, options: HttpOptions = {}) =>
    read(`${await serve(answers)}/list.m3u8`, options).then(
      () => 'no error',
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );
  test.each([
    [
      'bad-audio: .* is encrypted \\(AES-128\\), which',
      `#EXT-X-KEY:METHOD=AES-128,URI="key"\n${entry('a.aac')}`,
    ],
    ['bad-url: The entry "file:///etc/hostname"', entry('file:///etc/hostname')],
    ['http-status: .*/gone\\.aac answered 404', entry('gone.aac')],
  ])('%s', async (message, lines) => {
    expect(await failure({ '/list.m3u8': list([lines]) })).toMatch(new RegExp(message));
  });

  test('for an encrypted master playlist, for AC-3, and for one that leads to another', async () => {
    const stream = '#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8';
    const key = '#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://x"';
    expect(await failure({ '/list.m3u8': `#EXTM3U\n${key}\n${stream}` })).toMatch(
      /is encrypted \(SAMPLE-AES\)/,
    );
    expect(await failure({ '/list.m3u8': `#EXTM3U\n${stream}` })).toMatch(/is a list of HLS lists of lists/);
    const ac3 = transportStream([{ pid: AUDIO_PID, payload: Buffer.alloc(400) }], 0x81);
    expect(await failure({ '/list.m3u8': list([entry('a.ts')]), '/a.ts': ac3 })).toMatch(
      /its audio is AC-3\.$/,
    );
  });

  test('for segments that are too large, and for addresses that are not allowed', async () => {
    const endless: Answer = (_request, response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(2 ** 20)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    };
    const tooLarge = await failure({ '/list.m3u8': list([entry('a.aac')]), '/a.aac': endless });
    expect(tooLarge).toMatch(/bad-audio: .*\/a\.aac is larger than 16 MB/);
    const allowed = new BlockList();
    allowed.addAddress('127.0.0.1');
    const guard = publicOnly(allowed);
    const inside = await failure({ '/list.m3u8': list([entry('http://127.0.0.2:1/a.aac')]) }, { guard });
    expect(inside).toMatch(/^forbidden-address/);
  });
});
