import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AudioChunk, Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { pace } from '../chunks.ts';
import { decodeStream } from '../decode/decode.ts';
import { HEAD_BYTES } from '../decode/detect-type.ts';
import { moovFirst, samplesComeFirst } from '../decode/moov-first.ts';

export interface FileOptions {
  /** As if it were played now; else as fast as it is pulled. */
  readonly paced?: boolean;
  /** Begins again at the end, without a gap. */
  readonly loop?: boolean;
}

const READ_BYTES = 65_536;

/** `file:PATH`: a recording in any format that `audio-decode` knows, streamed. */
export function fileSource(
  uri: string,
  path: string,
  { paced = true, loop = false }: FileOptions = {},
): Source {
  return {
    uri,
    open(signal) {
      const chunks = play(path, loop, signal);
      return paced ? pace(chunks, signal) : chunks;
    },
  };
}

async function* play(path: string, loop: boolean, signal: AbortSignal): AsyncGenerator<AudioChunk> {
  do {
    yield* decodeStream(readRecording(path), { signal, name: basename(path) || path });
  } while (loop && !signal.aborted);
}

/** The bytes of a recording in the order in which a decoder wants them. */
export async function* readRecording(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openFile(path);
  try {
    const stat = await file.stat();
    const read = async (at: number, length: number) => {
      // Fresh memory for each read: decoders keep views of it. A named pipe has no places to read at.
      const { buffer, bytesRead } = await file.read(
        new Uint8Array(length),
        0,
        length,
        stat.isFile() ? at : null,
      );
      return buffer.subarray(0, bytesRead);
    };
    const head = await read(0, HEAD_BYTES);
    if (stat.isFile() && isMp4(head) && samplesComeFirst(head)) {
      yield* moovFirst({ size: stat.size, read });
      return;
    }
    // Read to the end, not to a size: a recording may still grow.
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
      throw new UserError('bad-file', `${path} is a directory: expected an audio file.`);
    }
    return file;
  } catch (cause) {
    await file?.close();
    if (cause instanceof UserError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const message = `There is no file ${path}: check the path, which is relative to ${process.cwd()}.`;
      throw new UserError('no-file', message, { cause });
    }
    const reason = code === 'EACCES' || code === 'EPERM' ? 'it may not be read by this user' : code;
    throw new UserError('bad-file', `${path} cannot be opened: ${reason}.`, { cause });
  }
}

function isMp4(head: Uint8Array): boolean {
  return head.length > 8 && String.fromCharCode(...head.subarray(4, 8)) === 'ftyp';
}
