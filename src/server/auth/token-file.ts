import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
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
 * Changes the tokens. The new file is made beside the old one and takes its place in one move, so that a
 * reader never sees half of it; and only one writer can make it at a time.
 */
export async function changeTokens(
  file: string,
  change: (tokens: TokenEntry[]) => TokenEntry[],
): Promise<void> {
  const fresh = `${file}.new`;
  let descriptor: number;
  try {
    mkdirSync(dirname(file), { recursive: true });
    descriptor = await openAlone(fresh);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const sentence = `The tokens cannot be written to ${file} (${code}): make the folder writable, or choose another with --data-dir.`;
    throw new UserError('data-dir', sentence, { cause });
  }
  try {
    const tokens = change(readTokens(file));
    writeSync(descriptor, `${JSON.stringify({ version: 1, tokens }, undefined, 2)}\n`);
    fsyncSync(descriptor);
    closeSync(descriptor);
    ownLikeFolder(fresh);
    renameSync(fresh, file);
  } catch (fault) {
    rmSync(fresh, { force: true });
    throw fault;
  }
}

async function openAlone(path: string): Promise<number> {
  for (;;) {
    try {
      return openSync(path, 'wx', 0o600);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat && Date.now() - stat.mtimeMs > WRITE_MS) rmSync(path, { force: true });
      else await sleep(20);
    }
  }
}
