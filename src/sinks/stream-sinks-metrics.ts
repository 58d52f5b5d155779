import { Counter, Gauge, type Registry } from 'prom-client';
import type { StreamSinkStatus } from './sink-status.ts';
import type { StreamSinks } from './stream-sinks.ts';

/** Adds the state of every stream sink to `/metrics`. Sinks with the same address are summed up. */
export function measureStreamSinks(registry: Registry, sinks: Pick<StreamSinks, 'all'>): void {
  const of = (value: (status: StreamSinkStatus) => number) => ({
    labelNames: ['target'] as const,
    registers: [registry],
    collect(this: Gauge<'target'> | Counter<'target'>) {
      this.reset();
      for (const { name, status } of sinks.all) this.inc({ target: name }, value(status));
    },
  });
  new Gauge({
    name: 'undertone_stream_sink_down',
    help: 'Whether a sink of a stream is down: 1, else 0.',
    ...of(({ state }) => (state === 'down' ? 1 : 0)),
  });
  new Gauge({
    name: 'undertone_stream_sink_queue',
    help: 'Steps waiting in a sink of a stream.',
    ...of(({ queued }) => queued),
  });
  new Counter({
    name: 'undertone_stream_sink_delivered_total',
    help: 'Steps that a sink of a stream sent.',
    ...of(({ delivered }) => delivered),
  });
  new Counter({
    name: 'undertone_stream_sink_dropped_total',
    help: 'Steps that a sink of a stream dropped, because it was down or too slow.',
    ...of(({ dropped }) => dropped),
  });
  new Counter({
    name: 'undertone_stream_sink_failures_total',
    help: 'How often the connection of a sink of a stream failed.',
    ...of(({ failures }) => failures),
  });
}
