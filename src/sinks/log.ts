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
 * Every message into the log. It comes first of all sinks: a client that replays reads from the log what it did not
 * get live, so that whatever a client could have got must be there already.
 */
export const logSink: SinkKind<LogSinkContext> = {
  name: 'log',
  create: (_options, { log }) => ({
    name: 'log',
    write: ({ message, run, seq }) => log.write(run, seq, message),
    counts: () => ({ queued: log.queued, dropped: log.dropped }),
    // The log itself stays open for sessions and replays, until the server closes it.
    close: () => void log.flush(),
  }),
};
