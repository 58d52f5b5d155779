import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RATE_HZ } from './senders.ts';

/** One encoded song. */
export interface Song {
  readonly name: string;
  /** `Content-Type` of a station that plays it. */
  readonly type: string;
  readonly bytes: Buffer;
  readonly seconds: number;
}

/** Formats, rates and channels of stations. */
const ENCODINGS: readonly (readonly [name: string, type: string, args: readonly string[]])[] = [
  ['128.mp3', 'audio/mpeg', ['-ar', '44100', '-ac', '2', '-b:a', '128k', '-f', 'mp3']],
  ['64-mono.mp3', 'audio/mpeg', ['-ar', '22050', '-ac', '1', '-b:a', '64k', '-f', 'mp3']],
  ['48k.aac', 'audio/aac', ['-c:a', 'aac', '-ar', '48000', '-ac', '2', '-f', 'adts']],
  ['32k.aac', 'audio/aac', ['-c:a', 'aac', '-ar', '32000', '-ac', '1', '-f', 'adts']],
  ['44k.ogg', 'application/ogg', ['-c:a', 'libvorbis', '-ar', '44100', '-ac', '2', '-f', 'ogg']],
  ['22k.ogg', 'application/ogg', ['-c:a', 'libvorbis', '-ar', '22050', '-ac', '1', '-f', 'ogg']],
  ['opus.ogg', 'application/ogg', ['-c:a', 'libopus', '-b:a', '64k', '-f', 'ogg']],
  ['flac.ogg', 'application/ogg', ['-c:a', 'flac', '-ar', '32000', '-ac', '1', '-f', 'ogg']],
];

export const hasFfmpeg = (): boolean => spawnSync('ffmpeg', ['-version']).status === 0;

/** Encodes every piece in every format. */
export function encodeSongs(folder: string, pieces: readonly Buffer[]): Song[] {
  const songs: Song[] = [];
  for (const [i, pcm] of pieces.entries()) {
    const input = join(folder, `piece-${i}.pcm`);
    writeFileSync(input, pcm);
    for (const [name, type, args] of ENCODINGS) {
      const output = join(folder, `${i}-${name}`);
      const from = ['-f', 's16le', '-ar', String(RATE_HZ), '-ac', '1', '-i', input];
      const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...from, ...args, output]);
      if (status !== 0) throw new Error(`ffmpeg cannot encode ${name}: ${stderr}`);
      songs.push({ name: output, type, bytes: readFileSync(output), seconds: pcm.length / 2 / RATE_HZ });
    }
  }
  return songs;
}
