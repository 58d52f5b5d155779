import { capitalized } from './format.ts';
import type { StreamRecord } from './stream-record.ts';

/** Without a frame for this long, the values shown are out of date. */
export const STALE_AFTER_MS = 4000;

/** One stream in a word, for tiles and decks. */
export interface StreamStatus {
  /** The mood, or why there is none. */
  readonly word: string;
  /** The word does not describe music that plays now. */
  readonly inactive: boolean;
}

/** @param nowMs `performance.now()` */
export function statusOf({ state, last, receivedAtMs }: StreamRecord, nowMs: number): StreamStatus {
  const inactive = (word: string): StreamStatus => ({ word, inactive: true });
  if (state === 'stopped') return inactive('Stopped');
  if (state === 'lost') return inactive('No sound');
  if (last === null) return inactive('Waiting');
  if (nowMs - receivedAtMs > STALE_AFTER_MS) return inactive('No new data');
  if (last.activity !== 'music') return inactive(capitalized(last.activity));
  return { word: capitalized(last.mood ?? 'analyzing'), inactive: last.mood === null };
}
