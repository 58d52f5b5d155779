import { readFile, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { recordingsIn } from '../../library/recordings-in.ts';
import { localAddressOf } from '../../stream/sources/playlist/entry-address.ts';
import { parsePlaylist } from '../../stream/sources/playlist/parse-playlist.ts';
import { streamNameOf } from '../../stream/sources/source-uri.ts';
import { UserError } from '../../user-error.ts';
import { decodeText } from '../../util/text.ts';

/** A recording to track, as its own stream. */
export interface Recording {
  /** A path or a web address. */
  readonly input: string;
  /** Name of its stream; unique in the list. */
  readonly stream: string;
}

const PLAYLISTS = new Set(['.m3u', '.m3u8', '.pls', '.xspf', '.asx', '.wax', '.wvx']);

/** Whether an input stands for several recordings even if it is the only one. */
export async function isFolder(input: string): Promise<boolean> {
  return (await statOf(input))?.isDirectory() ?? false;
}

/**
 * Lists the recordings that inputs stand for, in order: a folder for those in it and its subfolders, a playlist file for
 * its entries, and anything else for itself.
 *
 * @throws UserError `bad-data` for a folder without recordings, `bad-url` for an entry that is neither a file nor a web
 *   address, `usage` for standard input
 */
export async function listRecordings(inputs: readonly string[]): Promise<Recording[]> {
  const taken = new Set<string>();
  const recordings: Recording[] = [];
  for (const input of inputs) {
    for (const path of await expand(input))
      recordings.push({ input: path, stream: uniqueName(nameOf(path), taken) });
  }
  return recordings;
}

async function expand(input: string): Promise<readonly string[]> {
  if (input === '-') {
    throw new UserError('usage', 'Standard input is tracked alone: leave out "-" or the other recordings.');
  }
  const found = await statOf(input);
  if (found?.isDirectory()) return recordingsIn([input]);
  if (!found?.isFile() || !PLAYLISTS.has(extname(input).toLowerCase())) return [input];
  const text = await readFile(input).catch(() => undefined);
  const playlist = text && parsePlaylist(decodeText(text), /\.m3u8?$/i.test(input));
  // Tracking such a file alone gives the reason why it cannot be used.
  if (!playlist || playlist.format === 'HLS' || playlist.format === 'DASH') return [input];
  return playlist.entries.map((entry) => {
    const address = localAddressOf(entry, dirname(input));
    return 'url' in address ? address.url : address.path;
  });
}

const statOf = (path: string) => stat(path).catch(() => undefined);

function nameOf(input: string): string {
  return streamNameOf(/^(?:https?|file):/i.test(input) ? input : `file:${input}`);
}

/** `intro`, `intro-2`, … */
function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let n = 2; taken.has(unique); n++) unique = `${name.slice(0, 60 - `${n}`.length)}-${n}`;
  taken.add(unique);
  return unique;
}
