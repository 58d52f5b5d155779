import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../lab/train/random.ts';
import { PASSWORD, startIcecastServer } from './icecast-server.ts';
import type { Song } from './songs.ts';

/** A real Icecast with mounts in several formats. */
export interface Icecast {
  readonly mounts: readonly string[];
  /** How often a source was killed and another took its mount. */
  changes: number;
  close(): void;
}

/** What each mount plays: the formats of one mount differ in rate, channels or codec. */
const MOUNTS = [
  { name: 'mp3', formats: ['128.mp3', '64-mono.mp3'] },
  { name: 'ogg', formats: ['44k.ogg', 'opus.ogg', '22k.ogg', 'flac.ogg'] },
  { name: 'aac', formats: ['48k.aac', '32k.aac'] },
];

/** Starts Icecast on a free port, and a source in real time for every mount, until `signal` aborts. */
export async function startIcecast(
  folder: string,
  songs: readonly Song[],
  random: Random,
  signal: AbortSignal,
): Promise<Icecast> {
  const { port, process: icecast } = await startIcecastServer(folder);
  const running = new Set<ChildProcess>();
  const result: Icecast = {
    mounts: MOUNTS.map(({ name }) => `http://127.0.0.1:${port}/${name}`),
    changes: 0,
    close() {
      for (const child of running) child.kill('SIGKILL');
      icecast.kill('SIGKILL'); // Its own shutdown takes seconds.
    },
  };
  for (const { name, formats } of MOUNTS) void play(name, formats);
  return result;

  /** One source after another on a mount: each ends by itself or is killed, and the mount is gone for a moment. */
  async function play(mount: string, formats: readonly string[]): Promise<void> {
    while (!signal.aborted) {
      const format = formats[random.below(formats.length)]!;
      const song = songs.filter((one) => one.name.endsWith(format))[0]!;
      const url = `icecast://source:${PASSWORD}@127.0.0.1:${port}/${mount}`;
      const to = ['-c', 'copy', '-content_type', song.type, '-f', outputFormat(format), url];
      const child = spawn('ffmpeg', ['-v', 'quiet', '-re', '-i', song.name, ...to], { stdio: 'ignore' });
      running.add(child);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await Promise.race([
        ended,
        sleep(1000 * random.between(20, 120), undefined, { signal }).catch(() => {}),
      ]);
      child.kill('SIGKILL');
      await ended;
      running.delete(child);
      result.changes++;
      await sleep(1000 * random.between(0, 4));
    }
  }
}

function outputFormat(format: string): string {
  if (format.endsWith('.mp3')) return 'mp3';
  return format.endsWith('.aac') ? 'adts' : 'ogg';
}
