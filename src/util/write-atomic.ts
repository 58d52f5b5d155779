import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface WriteAtomicOptions {
  /** Permissions of the file, as in `0o600`. */
  readonly mode?: number;
  /** The file while it is written. Name a unique one where several writers may write `path` at once. */
  readonly partial?: string;
  /** Without it the file is whole after a crash of the program, but may be empty after a power cut. */
  readonly flush?: boolean;
}

/**
 * Replaces a file: it is written beside it, flushed to the disk and renamed. A reader, and a restart after a
 * crash or a power cut, finds the old content or the new, never half of it.
 *
 * Synchronous, so that nothing in this process can come between.
 */
export function writeAtomicSync(
  path: string,
  data: string | Uint8Array,
  { mode = 0o666, partial = `${path}.new`, flush = true }: WriteAtomicOptions = {},
): void {
  const file = openSync(partial, 'w', mode);
  try {
    try {
      writeFileSync(file, data);
      if (flush) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } catch (fault) {
    rmSync(partial, { force: true });
    throw fault;
  }
  if (flush) syncFolder(dirname(path));
}

/** Flushes the rename. Not every system can flush a folder; there it is written when the system likes. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {}
}
