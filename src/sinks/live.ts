import type { PublishedMessage } from '../types.ts';
import type { SinkKind } from './sink-kind.ts';

export interface LiveSinkContext {
  readonly live: {
    write(published: PublishedMessage): void;
    close(): void;
    /** Messages that slow clients missed. */
    readonly skipped: number;
  };
}

/**
 * Sends every message to the clients of `/v1/live`, over WebSocket and as server-sent events. Each client has its
 * own bounded buffer, measured in bytes (`undertone_live_queue_bytes`); this sink has no queue of messages.
 */
export const liveSink: SinkKind<LiveSinkContext> = {
  name: 'live',
  create: ({ live }) => ({
    name: 'live',
    write: (published) => live.write(published),
    counts: () => ({ dropped: live.skipped }),
    close: () => live.close(),
  }),
};
