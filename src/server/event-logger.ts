import type { Logger } from 'pino';
import type { StreamMessage } from '../types.ts';

/** Gaps of one stream are told at most this often: a source that sends no numbers makes one every step. */
const GAP_MS = 60_000;

interface Gaps {
  toldMs: number;
  untold: number;
  untoldSeconds: number;
}

/** Writes the events of all streams to the server's log. */
export function eventLogger(logger: Logger, now = () => performance.now()): (message: StreamMessage) => void {
  const gaps = new Map<string, Gaps>();

  return (message) => {
    if (message.type === 'emotion') return;
    const { type, stream, message: text, time: _, ...rest } = message;
    if (message.type === 'gap') {
      const known = gaps.get(stream);
      if (known && now() - known.toldMs < GAP_MS) {
        known.untold++;
        known.untoldSeconds += message.seconds;
        return;
      }
      const more = known?.untold ? { more: known.untold, moreSeconds: known.untoldSeconds } : {};
      gaps.set(stream, { toldMs: now(), untold: 0, untoldSeconds: 0 });
      const and = known?.untold ? ` ${known.untold} more gaps since the last one told here.` : '';
      logger.warn({ stream, event: type, ...rest, ...more }, text + and);
      return;
    }
    if (type === 'stream-stopped') gaps.delete(stream);
    const worrying = type === 'source-lost' || 'code' in rest;
    logger[worrying ? 'warn' : 'info']({ stream, event: type, ...rest }, text);
  };
}
