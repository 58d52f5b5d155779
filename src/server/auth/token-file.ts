import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import { writeAtomicSync } from '../../util/write-atomic.ts';
import { SCOPES, type Scope } from './access.ts';
import { ownLikeFolder } from './audit.ts';

/** Lets a reader, and the scanners that look for leaked secrets, know one when they see it. */
const PREFIX = 'ut_';

export const tokenEntry = z.object({
  /** What it is called where the token itself must not be seen. */
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1).max(64),
  /** sha-256 of the token, hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(z.enum(SCOPES)).min(1),
  created: z.iso.datetime(),
  /** From then on it is refused; absent: never. */
  expires: z.iso.datetime().optional(),
});

export type TokenEntry = z.infer<typeof tokenEntry>;

/**
 * A new token and what is kept of it. One round of sha-256 is enough here, where a password would want a slow
 * hash: 256 random bits cannot be guessed, however fast the guesses come.
 */
export function makeToken(
  name: string,
  scopes: readonly Scope[],
  expires?: Date,
): { readonly token: string; readonly entry: TokenEntry } {
  const token = PREFIX + randomBytes(32).toString('base64url');
  const entry: TokenEntry = {
    id: randomBytes(4).toString('hex'),
    name,
    hash: hashOf(token).toString('hex'),
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    created: new Date().toISOString(),
    ...(expires && { expires: expires.toISOString() }),
  };
  return { token, entry };
}

export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

export const TOKEN_FILE = 'tokens.json';

const tokenFile = z.object({ version: z.literal(1), tokens: z.array(tokenEntry).max(10_000) });

/** Another writer is done within this, or it died and left its file behind. */
const WRITE_MS = 5_000;

/** @throws UserError `bad-tokens` where the file is there and is not what this program writes */
export function readTokens(file: string): TokenEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new UserError(
      'bad-tokens',
      `The tokens in ${file} cannot be read (${code}): let this user read the file.`,
      { cause },
    );
  }
  try {
    return tokenFile.parse(JSON.parse(text)).tokens;
  } catch (cause) {
    const sentence = `The file ${file} holds no tokens that can be read: put a copy back, or remove it and make new tokens with "undertone token create".`;
    throw new UserError('bad-tokens', sentence, { cause });
  }
}

/**
 * Changes the tokens. The file that `writeAtomicSync` renames is also the lock: only one writer can create it,
 * and the rename releases it.
 */
export async function changeTokens(
  file: string,
  change: (tokens: TokenEntry[]) => TokenEntry[],
): Promise<void> {
  const fresh = `${file}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    await lock(fresh);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const sentence = `The tokens cannot be written to ${file} (${code}): make the folder writable, or choose another with --data-dir.`;
    throw new UserError('data-dir', sentence, { cause });
  }
  try {
    ownLikeFolder(fresh);
    const tokens = change(readTokens(file));
    const text = `${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`;
    writeAtomicSync(file, text, { mode: 0o600, partial: fresh });
  } catch (fault) {
    rmSync(fresh, { force: true });
    throw fault;
  }
}

/** Waits until no other writer holds the file, and creates it. */
async function lock(path: string): Promise<void> {
  for (;;) {
    try {
      closeSync(openSync(path, 'wx', 0o600));
      return;
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat && Date.now() - stat.mtimeMs > WRITE_MS) rmSync(path, { force: true });
      else await sleep(20);
    }
  }
}

/** Beside the tokens, in a file of its own: the server writes this one, `undertone token` the other. */
export const lastUsedFile = (tokenFile: string): string => tokenFile.replace(/(\.json)?$/, '-used.json');

const times = z.record(z.string(), z.iso.datetime());

export type LastUsed = z.infer<typeof times>;

/** When each token was last used, by its id. It is nothing to fail for: what cannot be read is unknown. */
export function readLastUsed(file: string): LastUsed {
  try {
    return times.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

export function writeLastUsed(file: string, used: LastUsed): void {
  writeAtomicSync(file, `${JSON.stringify(used)}\n`, { mode: 0o600 });
}
