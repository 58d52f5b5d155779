import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../user-error.ts';
import { recordingsIn } from './recordings-in.ts';

/** A file that is not ranked, and the sentence that says why. */
export interface PassedOver {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

export interface Candidates {
  readonly files: readonly string[];
  readonly passedOver: readonly PassedOver[];
}

/**
 * The files to choose from: those named, and the recordings in the folders named and in theirs. A recording that
 * comes twice is taken once, and the one that is playing not at all.
 *
 * @param given files and folders
 * @param after the file that is playing
 * @throws UserError `no-file`, `bad-file` for `after` alone
 */
export async function candidatesFrom(given: readonly string[], after: string): Promise<Candidates> {
  const twins = new Twins();
  await existing(after);
  await twins.before(after);
  const files: string[] = [];
  const passedOver: PassedOver[] = [];
  const take = async (file: string) => {
    const twin = await twins.before(file);
    if (twin === undefined) files.push(file);
    else if (twin === after) {
      const message = `${file} is the track that plays already: another one is expected after it.`;
      passedOver.push({ file, code: 'same-track', message });
    } else {
      const message =
        twin === file
          ? `${file} is named twice and ranked once.`
          : `${file} is the same recording as ${twin}, which is ranked.`;
      passedOver.push({ file, code: 'duplicate', message });
    }
  };
  for (const path of given) {
    await asPassedOver(path, passedOver, async () => {
      const found = (await existing(path, true)) ? await recordingsIn([path]) : [path];
      for (const file of found) await asPassedOver(file, passedOver, () => take(file));
    });
  }
  return { files, passedOver };
}

/** Whether it is a folder, which may be; a pipe or a device has no opening that can be heard without taking it away. */
async function existing(path: string, mayBeFolder = false): Promise<boolean> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
      const message = `There is no file ${path}: check the path, which is relative to ${process.cwd()}.`;
      throw new UserError('no-file', message, { cause });
    }
    throw cannotBeRead(path, cause);
  });
  if (found.isDirectory() && mayBeFolder) return true;
  if (found.isFile()) return false;
  const what = found.isDirectory() ? 'a directory' : 'no plain file';
  throw new UserError('bad-file', `${path} is ${what}: expected an audio file.`);
}

async function asPassedOver(
  file: string,
  passedOver: PassedOver[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const { code, message } = cause instanceof UserError ? cause : cannotBeRead(file, cause);
    passedOver.push({ file, code, message });
  }
}

function cannotBeRead(path: string, cause: unknown): UserError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason =
    code === 'EACCES' || code === 'EPERM' ? 'it may not be read by this user' : (code ?? message);
  return new UserError('bad-file', `${path} cannot be opened: ${reason}.`, { cause });
}

interface Known {
  readonly path: string;
  readonly place: string;
  readonly bytes: number;
}

/** Remembers files, and knows those that come again: by another path, a link, or as a copy to the last byte. */
export class Twins {
  readonly #known: Known[] = [];
  readonly #hashes = new Map<string, Promise<string>>();

  /**
   * The path under which the same recording came before; else it is remembered.
   *
   * @throws what `stat` and reading throw
   */
  async before(path: string): Promise<string | undefined> {
    const { dev, ino, size } = await stat(path, { bigint: true });
    const file = { path, place: `${dev}:${ino}`, bytes: Number(size) };
    for (const known of this.#known) {
      if (known.place === file.place) return known.path;
      // Read only where both have the same size: a music library seldom has two such.
      if (known.bytes === file.bytes && (await this.#hash(known.path)) === (await this.#hash(path)))
        return known.path;
    }
    this.#known.push(file);
    return undefined;
  }

  #hash(path: string): Promise<string> {
    const before = this.#hashes.get(path);
    if (before) return before;
    const hash = createHash('sha256');
    const made = pipeline(createReadStream(path), hash).then(() => hash.digest('hex'));
    this.#hashes.set(path, made);
    return made;
  }
}
