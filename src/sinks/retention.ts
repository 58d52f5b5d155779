import type { SinkKind } from './sink-kind.ts';

export interface RetentionContext {
  /** Sets the log's retention for a stream that is not in the configuration. */
  readonly onStreamStarted: (stream: string) => void;
}

/** Applies the log's default retention to streams that clients start by sending audio. */
export const retentionSink: SinkKind<RetentionContext> = {
  name: 'retention',
  create: ({ onStreamStarted }) => ({
    name: 'retention',
    write({ message }) {
      if (message.type === 'stream-started') onStreamStarted(message.stream);
    },
  }),
};
