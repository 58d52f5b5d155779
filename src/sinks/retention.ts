import type { SinkKind } from './sink-kind.ts';

export interface RetentionContext {
  /** Sets how long the log keeps the stream, where the configuration does not name it. */
  readonly onStreamStarted: (stream: string) => void;
}

/** Streams that a client starts by sending audio are in no configuration: the log's default retention applies to them. */
export const retentionSink: SinkKind<RetentionContext> = {
  name: 'retention',
  create: (_options, { onStreamStarted }) => ({
    name: 'retention',
    write({ message }) {
      if (message.type === 'stream-started') onStreamStarted(message.stream);
    },
  }),
};
