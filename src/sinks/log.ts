import type { StreamMessage } from '../types.ts';
import type { SinkKind } from './sink-kind.ts';

export interface LogSinkContext {
  readonly log: {
    write(run: number, seq: number, message: StreamMessage): void;
    flush(): void;
    readonly queued: number;
    readonly dropped: number;
  };
}

/**
 * Writes every message to the log. It is the first sink: a client that resumes reads missed messages from the log, so
 * a message must be there before any client can receive it.
 */
export const logSink: SinkKind<LogSinkContext> = {
  name: 'log',
  create: ({ log }) => ({
    name: 'log',
    write: ({ message, run, seq }) => log.write(run, seq, message),
    counts: () => ({ queued: log.queued, dropped: log.dropped }),
    // The server closes the log itself, after sessions and replays have ended.
    close: () => void log.flush(),
  }),
};
