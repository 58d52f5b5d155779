import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import { writeAtomicSync } from '../../write-atomic.ts';
import { ownLikeFolder } from './own-like-folder.ts';
import { type TokenEntry, tokenEntry } from './token-entry.ts';

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
