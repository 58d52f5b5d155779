import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { defaultDataDir } from '../log/location.ts';
import { time } from '../util/schemas.ts';

/** Parses an option's value for commander. */
export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new InvalidArgumentError('A whole number of at least 1 is expected.');
  }
  return number;
}

/** Parses an option's value for commander. */
export function nonNegativeInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new InvalidArgumentError('A whole number of at least 0 is expected.');
  }
  return number;
}

/** Where a log lies and how it opens: options that all commands on a log have in common. */
export interface LogFlags {
  readonly dataDir: string;
  readonly passphraseFile?: string;
}

export function withLogOptions(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'where the log lies', defaultDataDir())
    .option(
      '--passphrase-file <file>',
      'the passphrase of an encrypted log is its first line (default: UNDERTONE_PASSPHRASE)',
    );
}

/** The log in a folder, or the file itself where it is one: a backup, say. */
export function logFileIn(place: string): string {
  return existsSync(place) && !statSync(place).isDirectory() ? place : join(place, 'undertone.db');
}

/** ISO 8601 or seconds since 1970, in ms. */
export function timeArgument(value: string): number {
  const parsed = time.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(
    'A time is expected: 2026-11-20T20:15:00Z, 2026-11-20, or seconds since 1970.',
  );
}
