import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import { readTextSync } from '../../util/text.ts';
import { writeAtomicSync } from '../../util/write-atomic.ts';
import { SCOPES, type Scope } from './access.ts';
import { ownLikeFolder } from './audit.ts';

/**
 * The files of tokens: `tokens.json`, which `undertone token` writes and the server reads, and `tokens-used.json`
 * beside it, which the server writes. They contain hashes; a token itself is printed once and never stored.
 */
export const TOKEN_FILE = 'tokens.json';

/** Lets people and scanners for leaked secrets recognize a token. */
const PREFIX = 'ut_';

const tokenEntry = z.object({
  /** Identifies the token in lists and logs, which must not contain the token itself. */
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1).max(64),
  /** SHA-256 of the token, hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(z.enum(SCOPES)).min(1),
  created: z.iso.datetime(),
  /** The token is rejected from then on. Default: never. */
  expires: z.iso.datetime().optional(),
});

export type TokenEntry = z.infer<typeof tokenEntry>;

const tokenFile = z.object({ version: z.literal(1), tokens: z.array(tokenEntry).max(10_000) });

/**
 * Creates a token and its entry for the file. One round of SHA-256 is enough: a password needs a slow hash,
 * but 256 random bits cannot be guessed at any speed.
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

/**
 * Makes a token and stores its entry; undefined if there is a token of that name.
 *
 * @throws UserError those of `changeTokens`
 */
export async function addToken(
  file: string,
  { name, scopes, expires }: { name: string; scopes: readonly Scope[]; expires?: Date | undefined },
): Promise<{ readonly token: string; readonly entry: TokenEntry } | undefined> {
  const made = makeToken(name, scopes, expires);
  let isNew = true;
  await changeTokens(file, (tokens) => {
    isNew = tokens.every((other) => other.name !== name);
    return isNew ? [...tokens, made.entry] : tokens;
  });
  return isNew ? made : undefined;
}

/**
 * Removes the token with this id or name, and returns its entry.
 *
 * @throws UserError `unknown-token`, and those of `changeTokens`
 */
export async function revokeToken(file: string, which: string): Promise<TokenEntry> {
  let revoked: TokenEntry | undefined;
  await changeTokens(file, (tokens) => {
    revoked = tokens.find(({ id, name }) => id === which || name === which);
    if (!revoked) {
      const message = `There is no token "${which}": run "undertone token list" to see all tokens.`;
      throw new UserError('unknown-token', message);
    }
    return tokens.filter((token) => token !== revoked);
  });
  return revoked!;
}

export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** @throws UserError `bad-tokens` if the file exists but cannot be read or is damaged */
export function readTokens(file: string): TokenEntry[] {
  let text: string;
  try {
    text = readTextSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    const message = `The tokens in ${file} cannot be read (${code}): allow this user to read the file.`;
    throw new UserError('bad-tokens', message, { cause });
  }
  try {
    return tokenFile.parse(JSON.parse(text)).tokens;
  } catch (cause) {
    const message = `The token file ${file} is damaged: restore a copy, or remove it and make new tokens with "undertone token create".`;
    throw new UserError('bad-tokens', message, { cause });
  }
}

/**
 * Changes the tokens. The file that `writeAtomicSync` renames is also the lock: only one writer can create it, and
 * the rename releases it.
 *
 * @throws UserError `data-dir`, `bad-tokens`
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
    const message = `The tokens cannot be written to ${file} (${code}): make the folder writable, or choose another with --data-dir.`;
    throw new UserError('data-dir', message, { cause });
  }
  try {
    ownLikeFolder(fresh);
    const tokens = change(readTokens(file));
    const text = `${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`;
    writeAtomicSync(file, text, { mode: 0o600, partial: fresh });
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** A lock that is older than this belongs to a writer that crashed. */
const STALE_LOCK_MS = 5_000;

/** Creates the lock file, after any other writer has removed its own. */
async function lock(path: string): Promise<void> {
  for (;;) {
    try {
      closeSync(openSync(path, 'wx', 0o600));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat && Date.now() - stat.mtimeMs > STALE_LOCK_MS) rmSync(path, { force: true });
      else await sleep(20);
    }
  }
}

/** A file of its own, since the server writes it and `undertone token` writes the tokens. */
export const lastUsedFile = (tokenFile: string): string => tokenFile.replace(/(\.json)?$/, '-used.json');

const times = z.record(z.string(), z.iso.datetime());

/** When each token was last used, by its id. */
export type LastUsed = z.infer<typeof times>;

/** Empty if the file cannot be read: the times are only informative. */
export function readLastUsed(file: string): LastUsed {
  try {
    return times.parse(JSON.parse(readTextSync(file)));
  } catch {
    return {};
  }
}

export function writeLastUsed(file: string, used: LastUsed): void {
  writeAtomicSync(file, `${JSON.stringify(used)}\n`, { mode: 0o600 });
}
