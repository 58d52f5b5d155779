import { randomBytes, scryptSync } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../user-error.ts';

/** Beside the database, readable by the owner only: without it the passphrase opens nothing. */
export const saltFileOf = (file: string): string => `${file}.salt`;

/** scrypt with 64 MiB, about a fifth of a second: what one guess at the passphrase costs. */
const COST = { cost: 65_536, blockSize: 8, parallelization: 1 };
const KEY_BYTES = 32;

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

/** Whether a file is a plain database, one that must be decrypted (or is none at all), or not there yet. */
export function kindOfFile(file: string): 'new' | 'plain' | 'sealed' {
  if (!existsSync(file)) return 'new';
  const head = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    if (readSync(handle, head) === 0) return 'new';
  } finally {
    closeSync(handle);
  }
  return head.toString('latin1') === 'SQLite format 3\0' ? 'plain' : 'sealed';
}

/**
 * The key of a database, as libsql takes it; undefined where it is not encrypted. Makes the salt of one that
 * is new. Throws a UserError where passphrase and file do not go together.
 */
export function keyFor(file: string, passphrase: string | undefined): string | undefined {
  const kind = kindOfFile(file);
  const salted = existsSync(saltFileOf(file));
  if (passphrase === undefined) {
    if (kind === 'sealed' && salted)
      throw new UserError(
        'log-encrypted',
        `The log ${file} is encrypted: give its passphrase in UNDERTONE_PASSPHRASE, or a file with it in --passphrase-file.`,
      );
    return undefined;
  }
  if (kind === 'plain') {
    throw new UserError(
      'log-not-encrypted',
      `The log ${file} is not encrypted, but a passphrase was given: leave it out, or make an encrypted copy with "undertone backup" and use that.`,
    );
  }
  if (kind === 'sealed' && !salted) {
    throw new UserError(
      'log-salt',
      `The log ${file} cannot be decrypted without the file ${saltFileOf(file)}: put that back beside it.`,
    );
  }
  return derive(passphrase, salted ? readSalt(file) : makeSalt(file));
}

/** The key of a copy that is to be encrypted with a passphrase of its own; writes its salt. */
export function newKeyFor(file: string, passphrase: string): string {
  return derive(passphrase, makeSalt(file));
}

export function wrongPassphrase(file: string, cause: unknown): UserError {
  return new UserError(
    'wrong-passphrase',
    `The passphrase does not open the log ${file}: give the one it was begun with.`,
    { cause },
  );
}

type Salt = z.infer<typeof saltFile>;

function derive(passphrase: string, { cost, blockSize, parallelization, salt }: Salt): string {
  const options = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize };
  return scryptSync(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), KEY_BYTES, options).toString(
    'hex',
  );
}

function readSalt(file: string): Salt {
  try {
    return saltFile.parse(JSON.parse(readFileSync(saltFileOf(file), 'utf8')));
  } catch (cause) {
    throw new UserError(
      'log-salt',
      `The file ${saltFileOf(file)} cannot be read or is damaged, and without it the log cannot be decrypted: put it back from a backup.`,
      { cause },
    );
  }
}

/** On the disk before the first page that needs it. */
function makeSalt(file: string): Salt {
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
