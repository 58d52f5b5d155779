import { dirname, relative, resolve } from 'node:path';
import type { LibraryTrack } from '../store/library-track.ts';
import { trackName } from '../track-summary.ts';

/** An extended M3U playlist in UTF-8 (RFC 8216 names the format); paths are relative to `folder`, or absolute. */
export function m3uOf(tracks: readonly LibraryTrack[], folder?: string): string {
  const lines = tracks.flatMap((track) => [
    `#EXTINF:${Math.round(track.seconds)},${trackName(track).replaceAll(/[\r\n]+/g, ' ')}`,
    // A name such as "#1.mp3" would be a comment.
    folder === undefined ? track.path : relative(folder, track.path).replace(/^#/, './#'),
  ]);
  return `${['#EXTM3U', ...lines].join('\n')}\n`;
}

/** The files of a playlist, as absolute paths; web addresses are left out. */
export function pathsInM3u(text: string, file: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !/^[a-z][a-z0-9+-]+:\/\//i.test(line))
    .map((line) => resolve(dirname(file), line.replaceAll('\\', '/')));
}
