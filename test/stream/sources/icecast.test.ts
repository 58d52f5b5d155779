import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { hasIcecast, PASSWORD, startIcecastServer } from '../../../bench/soak/icecast-server.ts';
import { httpSource } from '../../../src/stream/sources/http.ts';
import type { SourceItem } from '../../../src/types.ts';
import { tempFolder } from '../../server/support.ts';
import { lenaFile, sine } from '../../support/audio.ts';
import { encodeWav } from '../../support/wav.ts';

const hasPrograms = hasIcecast() && spawnSync('liquidsoap', ['--version']).status === 0;
if (!hasPrograms) console.warn('Skipped the tests with a real station: install icecast2 and liquidsoap.');

const FORMATS = {
  mp3: '%mp3(bitrate=128)',
  aac: '%ffmpeg(format="adts", %audio(codec="aac", b="96k"))',
  vorbis: '%vorbis(quality=0.3)',
  opus: '%opus',
  flac: '%ogg(%flac)',
};
const TITLES = ['Änne/Eins', 'Кино/Два'];

function started(program: string, args: readonly string[], cwd: string): ChildProcess {
  const child = spawn(program, args, { cwd, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A station that plays two songs of 4 s in turn, in every format. */
function startLiquidsoap(folder: string, port: number): ChildProcess {
  const songs = [440, 660].map((hz, i) => {
    const file = join(folder, `${i}.wav`);
    const [artist, title] = TITLES[i]!.split('/');
    writeFileSync(
      file,
      encodeWav(sine(hz, 4, 44_100), { sampleRateHz: 44_100, channels: 1, encoding: 's16' }),
    );
    return `annotate:artist="${artist}",title="${title}":${file}`;
  });
  writeFileSync(join(folder, 'list.m3u'), `${songs.join('\n')}\n`);
  const outputs = Object.entries(FORMATS).map(
    ([mount, format]) =>
      `output.icecast(${format}, host="127.0.0.1", port=${port}, password="${PASSWORD}", mount="${mount}"${mount === 'aac' ? ', icy_metadata="true"' : ''}, s)`,
  );
  writeFileSync(
    join(folder, 'station.liq'),
    ['set("init.allow_root", true)', 's = mksafe(playlist(mode="normal", "list.m3u"))', ...outputs].join(
      '\n',
    ),
  );
  return started('liquidsoap', ['station.liq'], folder);
}

/** Waits until every mount answers. */
async function onAir(base: string): Promise<void> {
  for (const mount of Object.keys(FORMATS))
    for (;;) {
      const abort = new AbortController();
      const response = await fetch(`${base}/${mount}`, { signal: abort.signal }).catch(() => undefined);
      abort.abort();
      if (response?.ok) break;
      await sleep(250);
    }
}

test.skipIf(!hasPrograms)(
  'a real station has its titles in every format, and returns after it was killed, stalled and restarted',
  { timeout: 240_000 },
  async () => {
    const folder = tempFolder();
    const { port, process: icecast } = await startIcecastServer(folder);
    onTestFinished(() => void icecast.kill('SIGKILL'));
    let station = startLiquidsoap(folder, port);
    const base = `http://127.0.0.1:${port}`;
    await onAir(base);

    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const options = { retryMs: 200, maxRetryMs: 500, timeoutMs: 3_000 };
    const received = Object.keys(FORMATS).map((mount) => {
      const items: SourceItem[] = [];
      const done = (async () => {
        for await (const item of httpSource(`${base}/${mount}`, options).open(stop.signal)) items.push(item);
      })();
      done.catch(() => {});
      return { items, done };
    });
    /** Until this is so in every format. */
    const until = async (condition: (items: readonly SourceItem[]) => boolean) => {
      while (!received.every(({ items }) => condition(items))) {
        await sleep(100);
        await Promise.race([sleep(0), ...received.map(({ done }) => done)]);
      }
    };
    const count = (items: readonly SourceItem[], type: SourceItem['type']) =>
      items.filter((item) => item.type === type).length;
    const titles = (items: readonly SourceItem[]) =>
      items.flatMap((item) =>
        item.type === 'audio' && item.track ? [`${item.track.artist}/${item.track.title}`] : [],
      );

    await until((items) => titles(items).length >= 3);
    for (const { items } of received) {
      const [first, second, third] = titles(items);
      expect([first, second].sort()).toEqual([...TITLES].sort());
      expect(third).toBe(first);
      expect(count(items, 'source-lost')).toBe(0);
    }

    station.kill('SIGKILL');
    await until((items) => count(items, 'source-lost') === 1);
    station = startLiquidsoap(folder, port);
    await until((items) => count(items, 'source-restored') === 1);

    icecast.kill('SIGSTOP'); // Connections stay open, and nothing arrives.
    await until((items) => count(items, 'source-lost') === 2);
    icecast.kill('SIGCONT');
    await until((items) => count(items, 'source-restored') === 2);
    const before = received.map(({ items }) => titles(items).length);
    await until((items) => titles(items).length > before[received.findIndex((one) => one.items === items)]!);
    stop.abort();
    await Promise.all(received.map(({ done }) => done));
  },
);

if (!hasIcecast()) console.warn('Skipped the test with a trickling source: install icecast2.');

/** Sends `song` to a mount again and again, each second's bytes in `secondMs`, in eight parts. */
async function trickle(port: number, song: { bytes: Buffer; seconds: number }, secondMs: number) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  const authorization = `Basic ${Buffer.from(`source:${PASSWORD}`).toString('base64')}`;
  socket.write(
    `SOURCE /slow HTTP/1.0\r\nAuthorization: ${authorization}\r\nContent-Type: audio/mpeg\r\n\r\n`,
  );
  const size = Math.round(song.bytes.length / song.seconds / 8);
  for (let at = 0; !socket.destroyed; at = (at + size) % song.bytes.length) {
    socket.write(song.bytes.subarray(at, at + size));
    await sleep(secondMs / 8);
  }
}

test.skipIf(!hasIcecast())(
  'a source that sends at a third of real time sets the pace: the stream waits and is not lost',
  { timeout: 120_000 },
  async () => {
    const folder = tempFolder();
    const { port, process: icecast } = await startIcecastServer(folder);
    onTestFinished(() => void icecast.kill('SIGKILL'));
    void trickle(port, { bytes: readFileSync(lenaFile('mp3')), seconds: 12.3 }, 3_000);
    const url = `http://127.0.0.1:${port}/slow`;
    while (
      !(await fetch(url, { method: 'GET', signal: AbortSignal.timeout(2000) }).catch(() => undefined))?.ok
    )
      await sleep(100);

    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    let seconds = 0;
    const startMs = performance.now();
    for await (const item of httpSource(url, { timeoutMs: 10_000 }).open(stop.signal)) {
      expect(item.type).toBe('audio');
      if (item.type !== 'audio') continue;
      expect(item.lostSamples ?? 0).toBe(0);
      seconds += item.samples.length / item.channels / item.sampleRateHz;
      if (seconds > 6) break;
    }
    // What was sent before the connection arrives at once, and is released in real time, at most 5 % faster.
    expect(performance.now() - startMs).toBeGreaterThan(5_000);
  },
);
