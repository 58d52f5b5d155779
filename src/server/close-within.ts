import type { Logger } from 'pino';
import { within } from '../util/within.ts';
import type { RunningServer } from './server-options.ts';

/** Closes a server, or after `ms` only its log, with a warning. Returns whether all of it was closed. */
export async function closeWithin(
  server: Pick<RunningServer, 'close' | 'closeLog'>,
  ms: number,
  logger: Pick<Logger, 'warn'>,
): Promise<boolean> {
  if (await within(ms, server.close())) return true;
  server.closeLog();
  logger.warn(
    `The server did not stop within ${ms / 1000} s and was cut off: the log is complete, but clients and sinks may not know that it stopped.`,
  );
  return false;
}
