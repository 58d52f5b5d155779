import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../lab/train/random.ts';
import type { Song } from './songs.ts';

/** Stations send in real time, in which broadcasts are played (src/stream/jitter-buffer.ts). */
const SPEED = 1;
const PIECE_MS = 50;
/** Longer than the 20 s after which undertone gives a silent connection up. */
const STALL_MS = 25_000;

export interface Radio {
  readonly url: string;
  /** Faults so far, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  close(): void;
}

/**
 * A small station for every path: songs that change format where one ends, and faults: connections that drop within a
 * song, stall, trickle or send bytes that are no audio. `/whole/3+7` is songs 3 and 7 and then nothing more.
 */
export async function startRadio(songs: readonly Song[], random: Random): Promise<Radio> {
  const faults: Record<string, number> = {};
  const server = createServer((request, response) => {
    response.on('error', () => {});
    const whole = /^\/whole\/([\d+]+)$/.exec(request.url ?? '');
    const play = whole
      ? playWhole(
          whole[1]!.split('+').map((index) => songs[Number(index)]!),
          response,
        )
      : playStation(songs, random, faults, response);
    play.catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The connection stays open: the stream has all of the songs, and no end that could be taken for a fault. */
async function playWhole(songs: readonly Song[], response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'Content-Type': songs[0]!.type, 'icy-name': 'soak' });
  for (const { bytes } of songs) await send(bytes, bytes.length / 20, response);
}

async function playStation(
  songs: readonly Song[],
  random: Random,
  faults: Record<string, number>,
  response: ServerResponse,
): Promise<void> {
  let song = songs[random.below(songs.length)]!;
  response.writeHead(200, { 'Content-Type': song.type, 'icy-name': 'soak' });
  while (!response.destroyed) {
    const rate = (SPEED * song.bytes.length * PIECE_MS) / 1000 / song.seconds;
    const fault = random.chance(0.25)
      ? (['drop', 'stall', 'trickle', 'noise'] as const)[random.below(4)]!
      : undefined;
    const upTo = fault ? Math.floor(song.bytes.length * random.next()) : song.bytes.length;
    await send(song.bytes.subarray(0, upTo), rate, response);
    if (fault) faults[fault] = (faults[fault] ?? 0) + 1;
    if (fault === 'drop') return void response.destroy();
    if (fault === 'stall') await sleep(STALL_MS);
    if (fault === 'trickle') await send(song.bytes.subarray(upTo, upTo + 4000), 40, response);
    if (fault === 'noise') await send(noise(random), rate, response);
    // A station that changes the codec family opens a new connection; within Ogg, MP3 and AAC it does not.
    const next = songs.filter(({ type }) => type === song.type);
    song = next[random.below(next.length)]!;
    if (random.chance(0.1)) return void response.end();
  }
}

function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: 20_000 }, () => random.below(256)));
}

/** Sends `rate` bytes every 50 ms. */
async function send(bytes: Buffer, rate: number, response: ServerResponse): Promise<void> {
  const size = Math.max(1, Math.round(rate));
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    if (!response.write(bytes.subarray(at, at + size))) {
      await new Promise<void>((resolve) => {
        const go = () => {
          response.off('drain', go).off('close', go);
          resolve();
        };
        response.once('drain', go).once('close', go);
      });
    }
    await sleep(PIECE_MS);
  }
}
