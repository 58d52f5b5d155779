import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for `work`, but no longer than `ms`. Returns whether it ended. It goes on if it did not; it keeps no process alive. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const ended = new AbortController();
  try {
    return await Promise.race([
      work.then(() => true),
      sleep(ms, false, { ref: false, signal: ended.signal }),
    ]);
  } finally {
    ended.abort();
  }
}
