import { randomBytes, scryptSync } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../user-error.ts';
import { readTextSync } from '../util/text.ts';
import { saltFileOf } from './log-files.ts';

/**
 * The encryption key of a log: derived by scrypt from a passphrase and the salt in the file next to the database.
 */

/**
 * Reads the passphrase: the first line of `file`, otherwise the variable UNDERTONE_PASSPHRASE. It is never a
 * command-line option, because other users of the computer can see command lines.
 *
 * @throws UserError `usage`
 */
export function readPassphrase(
  file: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const passphrase = file === undefined ? env.UNDERTONE_PASSPHRASE : firstLine(file);
  if (passphrase !== '') return passphrase;
  throw new UserError(
    'usage',
    `${file ?? 'UNDERTONE_PASSPHRASE'} is empty: put the passphrase in it, or leave it out for a log that is not encrypted.`,
  );
}

const firstLineOf = (text: string): string => text.split(/\r?\n/, 1)[0]!;

/**
 * What earlier versions took for the passphrase of a file from Windows: they decoded everything as UTF-8, so the byte
 * order mark was part of it, and UTF-16 had a NUL beside each letter. Logs that were encrypted with these stay readable.
 */
export function formerReadings(passphrase: string): readonly string[] {
  const utf16 = ['\n', '\r\n'].map((end) => Buffer.from(`\uFEFF${passphrase}${end}`, 'utf16le'));
  return [`\uFEFF${passphrase}`, ...utf16.map((bytes) => firstLineOf(bytes.toString('utf8')))];
}

function firstLine(file: string): string {
  try {
    return firstLineOf(readTextSync(file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(
      'usage',
      `The passphrase file ${file} cannot be read (${code}): name a file that you may read, with the passphrase in its first line.`,
      { cause },
    );
  }
}

/**
 * The key of a database in the form that libsql takes; undefined if it is not encrypted. Creates the salt of a new
 * database.
 *
 * @throws UserError if passphrase and file do not match: `log-encrypted`, `log-not-encrypted`, `log-salt`
 */
export function keyFor(file: string, passphrase: string | undefined): string | undefined {
  const kind = kindOfFile(file);
  const salted = existsSync(saltFileOf(file));
  if (passphrase === undefined) {
    if (kind === 'encrypted' && salted)
      throw new UserError(
        'log-encrypted',
        `The log ${file} is encrypted: put its passphrase in UNDERTONE_PASSPHRASE, or in a file and name that with --passphrase-file.`,
      );
    return undefined;
  }
  if (kind === 'plain') {
    throw new UserError(
      'log-not-encrypted',
      `The log ${file} is not encrypted, but a passphrase was given: leave it out, or make an encrypted copy with "undertone backup" and use that.`,
    );
  }
  if (kind === 'encrypted' && !salted) {
    throw new UserError(
      'log-salt',
      `The log ${file} cannot be decrypted without the file ${saltFileOf(file)}: restore that file.`,
    );
  }
  return derive(passphrase, salted ? readSalt(file) : createSalt(file));
}

/** The key of a copy that gets its own passphrase; creates its salt. */
export function newKeyFor(file: string, passphrase: string): string {
  return derive(passphrase, createSalt(file));
}

/** Whether a file is a plain database, an encrypted one (or no database at all), or does not exist yet. */
export function kindOfFile(file: string): 'new' | 'plain' | 'encrypted' {
  if (!existsSync(file)) return 'new';
  const head = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    if (readSync(handle, head) === 0) return 'new';
  } finally {
    closeSync(handle);
  }
  return head.toString('latin1') === 'SQLite format 3\0' ? 'plain' : 'encrypted';
}

export function wrongPassphrase(file: string, cause: unknown): UserError {
  return new UserError(
    'wrong-passphrase',
    `The passphrase does not open the log ${file}: use the passphrase that it was created with.`,
    { cause },
  );
}

/** scrypt with 64 MiB of memory: about 0.2 s for each guess at the passphrase. */
const COST = { cost: 65_536, blockSize: 8, parallelization: 1 };
const KEY_BYTES = 32;

/** Content of the salt file. */
const saltFile = z.object({
  kdf: z.literal('scrypt'),
  cost: z
    .int()
    .min(2)
    .max(1 << 22),
  blockSize: z.int().min(1).max(64),
  parallelization: z.int().min(1).max(64),
  salt: z.base64(),
});

type Salt = z.infer<typeof saltFile>;

function derive(passphrase: string, { cost, blockSize, parallelization, salt }: Salt): string {
  const options = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize };
  return scryptSync(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), KEY_BYTES, options).toString(
    'hex',
  );
}

function readSalt(file: string): Salt {
  try {
    return saltFile.parse(JSON.parse(readTextSync(saltFileOf(file))));
  } catch (cause) {
    throw new UserError(
      'log-salt',
      `The file ${saltFileOf(file)} cannot be read or is damaged, and the log cannot be decrypted without it: restore it from a backup.`,
      { cause },
    );
  }
}

/** Writes a new salt, and waits until it is on the disk: before any page of the database is. */
function createSalt(file: string): Salt {
  const salt: Salt = { kdf: 'scrypt', ...COST, salt: randomBytes(16).toString('base64') };
  const handle = openSync(saltFileOf(file), 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(salt)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return salt;
}
