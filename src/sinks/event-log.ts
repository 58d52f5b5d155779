import type { Logger } from 'pino';
import type { Sink } from '../types.ts';
import type { SinkKind } from './sink-kind.ts';

/** Gaps of one stream are logged at most this often: a source that sends NaN causes one every step. */
const GAP_MS = 60_000;

interface Gaps {
  loggedMs: number;
  unlogged: number;
  unloggedSeconds: number;
}

/** Logs the events of all streams as lines of the server's own log. Emotion frames are not logged. */
export const eventLogSink: SinkKind<{ readonly logger: Logger }> = {
  name: 'event-log',
  create: ({ logger }) => createEventLog(logger),
};

/** `now`: monotonic clock, in ms. */
export function createEventLog(logger: Logger, now = () => performance.now()): Sink {
  const gaps = new Map<string, Gaps>();
  /** The last loss of a source that was logged. An alert of it follows at once, and repeats its message. */
  let loss = { stream: '', text: '' };

  return {
    name: 'event-log',
    write({ message }) {
      // A change of the clock is logged once, not for each stream.
      if (message.type === 'emotion' || message.type === 'clock-changed') return;
      const { type, stream, message: text, time: _, ...rest } = message;
      if (message.type === 'gap') {
        const known = gaps.get(stream);
        if (known && now() - known.loggedMs < GAP_MS) {
          known.unlogged++;
          known.unloggedSeconds += message.seconds;
          return;
        }
        const more = known?.unlogged ? { more: known.unlogged, moreSeconds: known.unloggedSeconds } : {};
        gaps.set(stream, { loggedMs: now(), unlogged: 0, unloggedSeconds: 0 });
        const and = known?.unlogged ? ` ${known.unlogged} more gaps since the last one logged.` : '';
        logger.warn({ stream, event: type, ...rest, ...more }, text + and);
        return;
      }
      if (type === 'stream-stopped') gaps.delete(stream);
      if (message.type === 'alert-raised' && stream === loss.stream && text.endsWith(loss.text)) {
        logger.info({ stream, event: type, ...rest }, `The alert "${message.alert}" was raised.`);
        return;
      }
      if (type === 'source-lost' || type === 'stream-stopped') loss = { stream, text };
      const isWarning = type === 'source-lost' || type === 'phase-cancellation' || 'code' in rest;
      logger[isWarning ? 'warn' : 'info']({ stream, event: type, ...rest }, text);
    },
  };
}
