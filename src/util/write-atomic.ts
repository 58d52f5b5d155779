import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface WriteAtomicOptions {
  /** Permissions of the file, such as `0o600`. */
  readonly mode?: number;
  /** Path of the temporary file. It must be unique if several processes may write `path` at once. */
  readonly partial?: string;
  /** Without it, the file is complete after a crash of the program but may be empty after a power failure. */
  readonly flush?: boolean;
}

/**
 * Replaces a file atomically: writes a temporary file beside it, flushes it to disk and renames it. A reader, or a
 * restart after a crash or power failure, finds the old content or the new, never a part.
 *
 * It is synchronous, so that two writes in this process cannot interleave.
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
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  if (flush) syncFolder(dirname(path));
}

/** Flushes the rename. Systems that cannot flush a folder write it later. */
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
