import type { ServerNotice } from '../types.ts';

export interface LogOptions {
  readonly dataDir: string;
  /** Interval between two commits of the queue. */
  readonly flushMs?: number;
  /** Maximum number of messages in the queue; further ones are dropped and counted. */
  readonly maxQueued?: number;
  readonly onNotice?: (notice: ServerNotice) => void;
  /** Called with the duration of each commit and its number of messages. */
  readonly onFlush?: (ms: number, messages: number) => void;
  /** Encrypts the whole log. A log opens only with the passphrase that it was created with. */
  readonly passphrase?: string | undefined;
  /** Called with errors of the upkeep. Logged data is not at risk. */
  readonly onUpkeepError?: (error: unknown) => void;
  /** Called when the clock leaped ahead: old data is kept until `untilMs`, in case the clock is wrong. */
  readonly onRetentionHeld?: (untilMs: number) => void;
}

export const LOG_DEFAULTS = { flushMs: 500, maxQueued: 20_000 };
