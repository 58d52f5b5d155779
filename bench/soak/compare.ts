import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../lab/train/random.ts';
import { RATE_HZ, type SentFormat, sendForever } from './senders.ts';
import { type Server, trackBytes } from './server.ts';
import type { Song } from './songs.ts';
import { firstDifference } from './verdict.ts';
import type { Observer } from './watchers.ts';

/** Half seconds until the frames of a song are there, however busy the server is. */
const MAX_WAITS = 600;

const FORMATS: readonly SentFormat[] = [
  { sampleRate: RATE_HZ, channels: 1 },
  { sampleRate: 44_100, channels: 2 },
  { sampleRate: 48_000, channels: 1 },
];

/** Live frames against those of `track` for the same bytes. */
export interface Comparisons {
  frames: number;
  streams: number;
  readonly differences: string[];
}

interface CompareOptions {
  readonly server: Server;
  readonly observer: Observer;
  readonly comparisons: Comparisons;
  readonly signal: AbortSignal;
}

/** Samples that a client sent over a WebSocket, one connection after another. */
export async function comparePcm(
  { server, observer, comparisons, signal }: CompareOptions,
  pieces: readonly Buffer[],
  random: Random,
): Promise<void> {
  const stream = 'pcm-check';
  observer.keep(stream);
  await sendForever({
    url: server.url,
    stream,
    pieces,
    random,
    signal,
    formats: FORMATS,
    maxSeconds: 60,
    polite: true,
    onSent: async (pcm, { sampleRate, channels }) => {
      // The server still works off what it has when the connection is closed.
      while (!observer.stopped(stream) && !signal.aborted) await sleep(200);
      const live = observer.take(stream);
      if (signal.aborted) return;
      observer.keep(stream);
      const format = ['--format', 's16le', '--rate', String(sampleRate), '--channels', String(channels)];
      const args = [...format, '--stream', stream];
      note(comparisons, stream, live, await trackBytes(pcm, args));
    },
  });
}

/** One or two encoded songs, whose formats may differ, from a station that sends them and then nothing. */
export async function compareSongs(
  { server, observer, comparisons, signal }: CompareOptions,
  { songs, radio, random }: { songs: readonly Song[]; radio: string; random: Random },
): Promise<void> {
  for (let n = 0; !signal.aborted; n++) {
    const first = songs[random.below(songs.length)]!;
    const next = songs.filter(({ type }) => type === first.type);
    const chosen = random.chance(0.5) ? [first] : [first, next[random.below(next.length)]!];
    const stream = `song-${n}`;
    const bytes = Buffer.concat(chosen.map((song) => song.bytes));
    const tracked = await trackBytes(bytes, ['--stream', stream]);
    observer.keep(stream);
    const path = chosen.map((song) => songs.indexOf(song)).join('+');
    await request(server, 'POST', '/v1/streams', { name: stream, source: `${radio}/whole/${path}` });
    // A codec holds its last samples until the connection ends, which here it does not.
    const expected = tracked.slice(0, -1);
    for (let waited = 0; waited < MAX_WAITS && observer.kept(stream) < expected.length; waited++)
      await sleep(500, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const live = observer.take(stream).slice(0, expected.length);
    note(comparisons, chosen.map(({ name }) => basename(name)).join(' + '), live, expected);
    await request(server, 'DELETE', `/v1/streams/${stream}`);
  }
}

function note(
  comparisons: Comparisons,
  name: string,
  live: Parameters<typeof firstDifference>[0],
  tracked: Parameters<typeof firstDifference>[1],
): void {
  const difference = firstDifference(live, tracked);
  comparisons.frames += live.length;
  comparisons.streams++;
  if (difference) comparisons.differences.push(`${name}: ${difference}`);
}

async function request({ url }: Server, method: string, path: string, body?: object): Promise<void> {
  const init = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${url}${path}`, { method, ...init });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}.`);
}
