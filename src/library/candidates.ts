import { stat } from 'node:fs/promises';
import { UserError } from '../user-error.ts';
import { noFile } from '../util/no-file.ts';
import { fileHash } from './file-hash.ts';
import { recordingsIn } from './recordings-in.ts';

/** A file that is not ranked, and the sentence with the reason. */
export interface SkippedFile {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

export interface Candidates {
  readonly files: readonly string[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * Lists the files to choose from: the given files, and every recording in the given folders and their subfolders.
 * Duplicates are skipped, and so is the track that is playing.
 *
 * @param given files and folders
 * @param after the file that is playing
 * @throws UserError `no-file`, `bad-file` for `after` only; other files with errors are skipped
 */
export async function candidatesFrom(given: readonly string[], after: string): Promise<Candidates> {
  const originalOf = createDuplicateFinder();
  await checkPath(after);
  await originalOf(after);
  const files: string[] = [];
  const skipped: SkippedFile[] = [];
  const add = async (file: string) => {
    const original = await originalOf(file);
    if (original === undefined) files.push(file);
    else if (original === after) {
      const message = `${file} is the track that is playing: choose another one.`;
      skipped.push({ file, code: 'same-track', message });
    } else {
      const message =
        original === file
          ? `${file} is named twice and ranked once.`
          : `${file} is the same recording as ${original}, which is ranked.`;
      skipped.push({ file, code: 'duplicate', message });
    }
  };
  for (const path of given) {
    await skipOnError(path, skipped, async () => {
      const isFolder = await checkPath(path, { folderAllowed: true });
      for (const file of isFolder ? await recordingsIn([path]) : [path])
        await skipOnError(file, skipped, () => add(file));
    });
  }
  return { files, skipped };
}

/** Whether the path is a folder. Pipes and devices are refused: reading their opening would consume it. */
async function checkPath(path: string, { folderAllowed = false } = {}): Promise<boolean> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') throw noFile(path, cause);
    throw cannotBeRead(path, cause);
  });
  if (found.isDirectory() && folderAllowed) return true;
  if (found.isFile()) return false;
  const kind = found.isDirectory() ? 'a directory' : 'not a regular file';
  throw new UserError('bad-file', `${path} is ${kind}: expected an audio file.`);
}

async function skipOnError(file: string, skipped: SkippedFile[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const { code, message } = cause instanceof UserError ? cause : cannotBeRead(file, cause);
    skipped.push({ file, code, message });
  }
}

function cannotBeRead(path: string, cause: unknown): UserError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : (code ?? message);
  return new UserError('bad-file', `${path} cannot be opened: ${reason}.`, { cause });
}

/**
 * Returns a function that detects duplicates. For a recording that it was called with before, it returns the first
 * path; for a new one, undefined. It recognizes a file by another path, a link to it, and an exact copy. It throws
 * what `stat` and reading throw.
 */
function createDuplicateFinder(): (path: string) => Promise<string | undefined> {
  const seen: { readonly path: string; readonly inode: string; readonly bytes: bigint }[] = [];
  const hashes = new Map<string, Promise<string>>();

  const hashOf = (path: string): Promise<string> => {
    let hash = hashes.get(path);
    if (hash === undefined) {
      hash = fileHash(path);
      hashes.set(path, hash);
    }
    return hash;
  };

  return async (path) => {
    const { dev, ino, size } = await stat(path, { bigint: true });
    const inode = `${dev}:${ino}`;
    for (const known of seen) {
      if (known.inode === inode) return known.path;
      // Contents are read only if sizes are equal, which is rare in a music library.
      if (known.bytes === size && (await hashOf(known.path)) === (await hashOf(path))) return known.path;
    }
    seen.push({ path, inode, bytes: size });
    return undefined;
  };
}
