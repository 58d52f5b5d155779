import type { EmotionFrame } from '../../src/types.ts';
import { t } from './i18n.ts';
import { moodName } from './mood-name.ts';
import type { StreamRecord } from './stream-record.ts';
import { serverNowMs } from './streams.ts';

/** Without a frame for this long, the values shown are out of date. */
export const STALE_AFTER_MS = 4000;

/** One stream in a word, for tiles and decks. */
export interface StreamStatus {
  /** The mood, or why there is none. */
  readonly word: string;
  /** The word does not describe music that plays now. */
  readonly inactive: boolean;
}

const isStale = ({ receivedAtMs }: StreamRecord): boolean =>
  performance.now() - receivedAtMs > STALE_AFTER_MS;

/** The newest frame while it describes what plays now; null once the stream or the connection stands still. */
export const currentFrame = (record: StreamRecord | undefined): EmotionFrame | null =>
  record === undefined || record.state !== 'running' || isStale(record) ? null : record.last;

/** Whole seconds from a stream's newest step, at `newest`, to now while it stands still; 0 while it runs. */
export function secondsStill(record: StreamRecord | undefined, newest: number): number {
  if (currentFrame(record) !== null) return 0;
  return Math.max(0, Math.round(serverNowMs() / 1000 - newest));
}

/** The state of a stream now; undefined: nothing is known of it yet. */
export function statusOf(record: StreamRecord | undefined): StreamStatus {
  const inactive = (word: string): StreamStatus => ({ word, inactive: true });
  if (record === undefined) return inactive(t('status.waiting'));
  const { state, last } = record;
  if (state === 'stopped') return inactive(t('state.stopped'));
  if (state === 'lost') return inactive(t('state.lost'));
  if (last === null) return inactive(t('status.waiting'));
  if (isStale(record)) return inactive(t('connection.noNewData'));
  if (last.activity !== 'music') return inactive(moodName(last.activity));
  return {
    word: last.mood === null ? t('status.analyzing') : moodName(last.mood),
    inactive: last.mood === null,
  };
}
