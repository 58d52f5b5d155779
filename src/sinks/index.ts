import type { Sink } from '../types.ts';
import { eventLogSink } from './event-log.ts';
import { liveSink } from './live.ts';
import { logSink } from './log.ts';
import { metricsSink } from './metrics.ts';
import { playingSink } from './playing.ts';
import { retentionSink } from './retention.ts';
import type { SinkKind } from './sink-kind.ts';
import { streamSinksSink } from './stream-sinks.ts';
import { webhooksSink } from './webhooks.ts';

/**
 * Every kind of sink, in the order in which messages reach them. Alerts add their events before the first one (see
 * `fan-out.ts`). The log comes first, because replays read from it; the order of the others does not matter, but is
 * fixed. A new sink is one file beside this one and one line here.
 */
export const SINK_KINDS = [
  logSink,
  liveSink,
  eventLogSink,
  metricsSink,
  webhooksSink,
  streamSinksSink,
  retentionSink,
  playingSink,
] as const;

/** The services of all sinks together. */
export type SinkContext = (typeof SINK_KINDS)[number] extends SinkKind<infer Context> ? Context : never;

/** Creates one sink of each kind, in the order of the registry. */
export function createSinks(context: SinkContext): Sink[] {
  return SINK_KINDS.map((kind) => kind.create(context));
}
