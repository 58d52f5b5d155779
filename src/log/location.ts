import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';

/** The user's own data folder, as each system has it. */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'undertone');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'undertone');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'undertone');
}

/**
 * The passphrase of the log: the first line of `file`, else UNDERTONE_PASSPHRASE. Never an option by itself,
 * since what is said on a command line can be read by everyone on the computer.
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

function firstLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0]!;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(
      'usage',
      `The passphrase file ${file} cannot be read (${code}): name a file that you may read, with the passphrase in its first line.`,
      { cause },
    );
  }
}
