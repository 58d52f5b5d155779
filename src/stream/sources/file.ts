import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AudioChunk, Source, SourceItem } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { noFile } from '../../util/no-file.ts';
import { pace } from '../chunks.ts';
import { decodeStream } from '../decode/decode.ts';
import { HEAD_BYTES } from '../decode/decoder.ts';
import { reordering } from '../decode/index-first.ts';
import { abortable } from '../pull.ts';
import { fileTitle } from './file-title.ts';
import { openHttp } from './http.ts';
import { localAddressOf } from './playlist/entry-address.ts';
import { MAX_PLAYLIST_DEPTH, playEntries } from './playlist/play-entries.ts';
import { playlistRefused, recognize, tooDeep } from './playlist/recognize.ts';
import type { SourceKind } from './source-kind.ts';
import { checkParams, flagParam, type SourceUri } from './source-uri.ts';

/** `file:PATH`: a recording in any format that `audio-decode` can decode. */
export const file: SourceKind = {
  schemes: ['file'],
  usage: 'file:PATH',
  waits: true,
  create(uri, { paced = true, folder, playlists = false, largePieces = false, titles = false }) {
    checkParams(uri, ['loop']);
    if (uri.path === '') {
      throw new UserError(
        'bad-source',
        `"${uri.uri}" names no file: expected file:PATH, such as file:song.ogg.`,
      );
    }
    return fileSource(uri.uri, filePath(uri, folder), {
      paced,
      loop: flagParam(uri, 'loop'),
      playlists,
      largePieces,
      titles,
    });
  },
};

/**
 * The path that a `file:` URI names. Browsers and file managers write `file:///music/a%20song.ogg`.
 *
 * @param folder of relative paths; absent: they stay as they are
 * @throws UserError `bad-source` for a file of another computer
 */
export function filePath({ uri, path }: SourceUri, folder?: string): string {
  if (!path.startsWith('//')) return folder === undefined ? path : resolve(folder, path);
  try {
    return fileURLToPath(`file:${path}`);
  } catch (cause) {
    const message = `"${uri}" names no file on this computer: expected file:PATH, such as file:song.ogg.`;
    throw new UserError('bad-source', message, { cause });
  }
}

export interface FileOptions {
  /** Play in real time (the default), or deliver as fast as it is pulled. */
  readonly paced?: boolean;
  /** Restart at the end, without a gap. */
  readonly loop?: boolean;
  /**
   * Follow a playlist to the files and web addresses in it. Only for a file that the user has chosen: a list from
   * elsewhere could name any file of this computer. Default: an error names its first entry.
   */
  readonly playlists?: boolean;
  /** As in `SourceOptions`. */
  readonly largePieces?: boolean;
  readonly titles?: boolean;
  /** How many playlists led here. */
  readonly depth?: number;
}

const DEFAULTS = { paced: true, loop: false, playlists: false, largePieces: false, titles: false, depth: 0 };
type Settings = Required<FileOptions>;

const READ_BYTES = 262_144;

/** A recording, streamed from its file: it is never held whole. Or a playlist, whose entries are played in order. */
export function fileSource(uri: string, path: string, options: FileOptions = {}): Source {
  return { uri, open: (signal) => play(path, { ...DEFAULTS, ...options }, signal) };
}

async function* play(
  path: string,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<SourceItem, void, undefined> {
  const name = basename(path) || path;
  const content = await recognize(abortable(readRecording(path), signal), { name });
  const { playlist } = content;
  if (!playlist) {
    const chunks = decodeFile(path, content.bytes, settings, signal);
    yield* settings.paced ? pace(chunks, signal) : chunks;
    return;
  }
  if (!settings.playlists) throw playlistRefused(playlist, name);
  if (settings.depth >= MAX_PLAYLIST_DEPTH) throw tooDeep(name);
  const options = { ...settings, loop: false, depth: settings.depth + 1 };
  const open = async (entry: string) => {
    const address = localAddressOf(entry, dirname(path));
    if ('url' in address) return openHttp(address.url, options, signal);
    return { live: false, items: play(address.path, options, signal) };
  };
  do {
    yield* playEntries(playlist, { signal, name, open });
  } while (settings.loop && !signal.aborted);
}

/** @param first the bytes of the first pass, which is begun already */
async function* decodeFile(
  path: string,
  first: AsyncIterable<Uint8Array>,
  { loop, largePieces, titles }: Settings,
  signal: AbortSignal,
): AsyncGenerator<AudioChunk, void, undefined> {
  const options = { signal, name: basename(path) || path, largePieces };
  const decode = (bytes: AsyncIterable<Uint8Array>) => {
    const chunks = decodeStream(bytes, options);
    return titles ? withTitle(path, chunks) : chunks;
  };
  yield* decode(first);
  while (loop && !signal.aborted) yield* decode(readRecording(path));
}

/** The title is that of the tags of the file, unless its stream has titles of its own. */
async function* withTitle(
  path: string,
  chunks: AsyncGenerator<AudioChunk, void, undefined>,
): AsyncGenerator<AudioChunk, void, undefined> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const track = isFirst && !chunk.track ? await fileTitle(path) : undefined;
    isFirst = false;
    yield track ? { ...chunk, track } : chunk;
  }
}

/** The bytes of a recording, in the order that its decoder needs. */
async function* readRecording(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openFile(path);
  try {
    const stat = await file.stat();
    const read = async (at: number, length: number) => {
      // Fresh memory for each read: decoders keep views of it. A named pipe cannot be read at a position.
      const { buffer, bytesRead } = await file.read(
        new Uint8Array(length),
        0,
        length,
        stat.isFile() ? at : null,
      );
      return buffer.subarray(0, bytesRead);
    };
    const head = await read(0, HEAD_BYTES);
    const reordered = stat.isFile() ? reordering(head) : undefined;
    if (reordered) {
      yield* reordered({ size: stat.size, read });
      return;
    }
    // Read to the end, not to the size: the recording may still grow.
    yield head;
    for (let at = head.length; ; ) {
      const bytes = await read(at, READ_BYTES);
      if (bytes.length === 0) return;
      yield bytes;
      at += bytes.length;
    }
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) {
      throw new UserError('bad-file', `${path} is a directory: expected an audio file.`, {
        values: { reason: 'folder' },
      });
    }
    return file;
  } catch (cause) {
    await file?.close();
    if (cause instanceof UserError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw noFile(path, cause);
    const isDenied = code === 'EACCES' || code === 'EPERM';
    throw new UserError('bad-file', `${path} cannot be opened: ${isDenied ? 'permission denied' : code}.`, {
      cause,
      ...(isDenied && { values: { reason: 'denied' } }),
    });
  }
}
