import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaultDataDir } from '../log/log-files.ts';
import { ENGINE_NAMES, type EngineName } from '../model/engine.ts';
import { UserError } from '../user-error.ts';
import { time } from '../util/schemas.ts';

/** Options of all commands that run a model. */
export interface ModelFlags {
  readonly model: string;
  readonly engine: EngineName | 'auto';
}

export function withModelOptions(command: Command): Command {
  return command
    .option('--model <name>', 'name of a model in models/, or path of a model folder', 'undertone')
    .addOption(
      new Option('--engine <name>', 'compute backend; auto uses the fastest one that is installed')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    );
}

/** Runs what checks the arguments of a command: what it refuses is wrong usage. */
export function asUsage<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    throw cause instanceof UserError ? new UserError('usage', cause.message, { cause }) : cause;
  }
}

/** Options of all commands that open a log. */
export interface LogFlags {
  readonly dataDir: string;
  readonly passphraseFile?: string;
}

export function withLogOptions(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'folder of the log', defaultDataDir())
    .option(
      '--passphrase-file <file>',
      'file whose first line is the passphrase of an encrypted log (default: UNDERTONE_PASSPHRASE)',
    );
}

/** Path of the log database in a data directory; a path of a file, such as a backup, is returned as it is. */
export function logFileIn(path: string): string {
  return existsSync(path) && !statSync(path).isDirectory() ? path : join(path, 'undertone.db');
}

/** Parses a whole number of at least 1 for commander. */
export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new InvalidArgumentError('Expected a whole number of at least 1.');
  }
  return number;
}

/**
 * Collects the paths of a command for commander. An empty one, as an unset variable of a shell gives, would stand for
 * the current folder.
 */
export function pathArguments(value: string, all: readonly string[] = []): string[] {
  if (value === '')
    throw new InvalidArgumentError('A path is empty: name a file or a folder ("." is this one).');
  return [...all, value];
}

/** Parses a whole number of at least 0 for commander. */
export function nonNegativeInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new InvalidArgumentError('Expected a whole number of at least 0.');
  }
  return number;
}

/** Parses ISO 8601 or seconds since 1970 for commander; returns ms since 1970. */
export function timeArgument(value: string): number {
  const parsed = time.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(
    'Expected a time such as 2026-11-20T20:15:00Z, 2026-11-20, or seconds since 1970.',
  );
}
