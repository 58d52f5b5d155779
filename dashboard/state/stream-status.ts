import { t } from './i18n.ts';
import { moodName } from './mood-name.ts';
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

/** The state of a stream now; undefined: nothing is known of it yet. */
export function statusOf(record: StreamRecord | undefined): StreamStatus {
  const inactive = (word: string): StreamStatus => ({ word, inactive: true });
  if (record === undefined) return inactive(t('status.waiting'));
  const { state, last, receivedAtMs } = record;
  if (state === 'stopped') return inactive(t('state.stopped'));
  if (state === 'lost') return inactive(t('state.lost'));
  if (last === null) return inactive(t('status.waiting'));
  if (performance.now() - receivedAtMs > STALE_AFTER_MS) return inactive(t('connection.noNewData'));
  if (last.activity !== 'music') return inactive(moodName(last.activity));
  return {
    word: last.mood === null ? t('status.analyzing') : moodName(last.mood),
    inactive: last.mood === null,
  };
}
