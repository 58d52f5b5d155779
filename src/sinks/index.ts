import type { Sink } from '../types.ts';
import { eventLogSink } from './event-log.ts';
import { liveSink } from './live.ts';
import { logSink } from './log.ts';
import { metricsSink } from './metrics.ts';
import { retentionSink } from './retention.ts';
import type { SinkKind } from './sink-kind.ts';
import { webhooksSink } from './webhooks.ts';

/**
 * Every kind of sink, in the order in which a message reaches them. Before the first of them, alerts add their
 * events to the message (see `fan-out.ts`). The log comes first, since replays read from it; the order of the rest
 * is free, but fixed. A new sink is one file beside this one and one line here.
 */
export const SINK_KINDS = [
  logSink,
  liveSink,
  eventLogSink,
  metricsSink,
  webhooksSink,
  retentionSink,
] as const;

/** The services that the sinks use together. */
export type SinkContext = (typeof SINK_KINDS)[number] extends SinkKind<infer Context> ? Context : never;

/** The sinks that every server has, in order. */
export function createSinks(context: SinkContext): Sink[] {
  return SINK_KINDS.map((kind) => kind.create(undefined, context));
}
