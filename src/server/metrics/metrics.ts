import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Log } from '../../log/log.ts';
import type { Alerts } from '../../sinks/alerts/alerts.ts';
import type { FanOut } from '../../sinks/fan-out.ts';
import { LATENCY_BUCKETS } from '../../sinks/metrics.ts';
import type { StreamSinks } from '../../sinks/stream-sinks.ts';
import { measureStreamSinks } from '../../sinks/stream-sinks-metrics.ts';
import type { Webhooks } from '../../sinks/webhooks.ts';
import type { StreamInfo } from '../../types.ts';
import type { AuthMiddleware } from '../auth/middleware.ts';
import type { AddressCount } from '../http/address-count.ts';
import type { Live } from '../live/live.ts';
import type { Hub } from '../streams/hub.ts';

/** The parts of the server that are read at each scrape. */
export interface Measured {
  readonly hub: Pick<Hub, 'list' | 'stepAge' | 'load'>;
  readonly log: Pick<Log, 'queued' | 'dropped' | 'failing'>;
  readonly live: Pick<Live, 'watchers' | 'queuedBytes' | 'skipped'>;
  readonly socketCount: Pick<AddressCount, 'total'>;
  readonly auth: Pick<AuthMiddleware, 'refusedTokens' | 'refusedRates'>;
  readonly alerts: Pick<Alerts, 'raised'>;
  readonly sinks: Pick<FanOut, 'counters'>;
  readonly webhooks: Pick<Webhooks, 'all'>;
  readonly streamSinks: Pick<StreamSinks, 'all'>;
}

/**
 * `/metrics`, in the text format of Prometheus: values of the server's parts, and counters of HTTP and the log.
 * `sinks/metrics.ts` counts frames and events in the same registry. Each server has a registry of its own.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #labels = new StreamLabels();
  readonly #logFlush;
  readonly #logRows;
  readonly #requests;

  constructor(measured: Measured, about: Readonly<Record<'version' | 'model' | 'engine', string>>) {
    const registers = [this.registry];
    this.#logFlush = new Histogram({
      name: 'undertone_log_flush_seconds',
      help: 'Duration of one commit of the log.',
      buckets: LATENCY_BUCKETS,
      registers,
    });
    this.#logRows = new Counter({
      name: 'undertone_log_rows_total',
      help: 'Messages written to the log.',
      registers,
    });
    this.#requests = new Counter({
      name: 'undertone_http_requests_total',
      help: 'HTTP responses, by method and status.',
      labelNames: ['method', 'status'],
      registers,
    });
    new Gauge({
      name: 'undertone_info',
      help: 'Version, model and engine of this server.',
      labelNames: ['version', 'model', 'engine'],
      registers,
    }).set(about, 1);
    measureParts(this.registry, measured);
    measureStreams(this.registry, measured.hub, this.#labels);
    measureSinks(this.registry, measured);
    measureStreamSinks(this.registry, measured.streamSinks);
    processRegistry(); // Measures from now on.
  }

  /** The value of the label `stream`. */
  labelOf(stream: string): string {
    return this.#labels.of(stream);
  }

  /** Counts one commit of the log. */
  countFlush(ms: number, rows: number): void {
    this.#logFlush.observe(ms / 1000);
    this.#logRows.inc(rows);
  }

  /** Counts one HTTP response. */
  countResponse(method: string, status: number): void {
    this.#requests.inc({ method: METHODS.has(method) ? method : 'other', status: String(status) });
  }

  async text(): Promise<{ readonly type: string; readonly body: string }> {
    const parts = await Promise.all([this.registry.metrics(), processRegistry().metrics()]);
    return { type: this.registry.contentType, body: parts.join('\n') };
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function measureParts(registry: Registry, { hub, log, live, socketCount, auth, alerts }: Measured): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  gauge('undertone_log_queue', 'Messages waiting to be written to the log.', () => log.queued);
  gauge('undertone_log_failing', '1 while the log cannot be written.', () => Number(log.failing));
  counter(
    'undertone_log_dropped_total',
    'Messages that the log dropped because its queue was full.',
    () => log.dropped,
  );
  gauge('undertone_live_clients', 'Connected clients of /v1/live.', () => live.watchers);
  gauge('undertone_live_queue_bytes', 'Bytes that clients have not read yet.', () => live.queuedBytes);
  counter(
    'undertone_live_skipped_total',
    'Messages skipped for clients that read too slowly.',
    () => live.skipped,
  );
  gauge(
    'undertone_capacity_used',
    'Share of the measured capacity that the running streams take; 0 if their number is limited instead.',
    () => hub.load,
  );
  gauge('undertone_sockets', 'Open WebSockets of all kinds.', () => socketCount.total);
  gauge('undertone_alerts_raised', 'Active alerts.', () => alerts.raised);
  counter(
    'undertone_refused_tokens_total',
    'Requests rejected for lack of a valid token.',
    () => auth.refusedTokens,
  );
  counter('undertone_refused_rates_total', 'Requests rejected by the rate limit.', () => auth.refusedRates);
}

function measureStreams(registry: Registry, hub: Pick<Hub, 'list' | 'stepAge'>, labels: StreamLabels): void {
  const gauge = (name: string, help: string, read: (info: StreamInfo) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['stream'],
      registers: [registry],
      collect() {
        this.reset(); // A stream that left the list has no series.
        for (const info of hub.list()) {
          const value = read(info);
          if (value !== undefined) this.set({ stream: labels.of(info.stream) }, value);
        }
      },
    });
  gauge(
    'undertone_stream_up',
    '1: running, 0.5: source lost, 0: stopped.',
    ({ state }) => ({ running: 1, lost: 0.5, stopped: 0 })[state],
  );
  gauge(
    'undertone_stream_lag_seconds',
    "From the arrival of the newest step's last sample to its frame.",
    ({ last }) => (last ? last.latencyMs / 1000 : undefined),
  );
  gauge(
    'undertone_stream_step_age_seconds',
    'Time since the newest step of a stream that has not stopped.',
    ({ stream, state }) => (state === 'stopped' ? undefined : hub.stepAge(stream)),
  );
}

function measureSinks(registry: Registry, { sinks, webhooks }: Measured): void {
  const ofSinks = (key: 'written' | 'errors' | 'dropped' | 'queued') => ({
    labelNames: ['sink'] as const,
    registers: [registry],
    collect(this: Gauge<'sink'> | Counter<'sink'>) {
      this.reset();
      for (const { name, [key]: value } of sinks.counters())
        if (value !== undefined) this.inc({ sink: name }, value);
    },
  });
  new Counter({
    name: 'undertone_sink_messages_total',
    help: 'Messages written to a sink.',
    ...ofSinks('written'),
  });
  new Counter({
    name: 'undertone_sink_faults_total',
    help: 'Messages on which a sink failed.',
    ...ofSinks('errors'),
  });
  new Counter({
    name: 'undertone_sink_dropped_total',
    help: 'Messages that a sink dropped because its queue was full or delivery failed.',
    ...ofSinks('dropped'),
  });
  new Gauge({ name: 'undertone_sink_queue', help: 'Messages waiting in a sink.', ...ofSinks('queued') });

  const ofWebhooks = (key: 'queued' | 'delivered' | 'dropped' | 'failedTries') => ({
    labelNames: ['webhook'] as const,
    registers: [registry],
    collect(this: Gauge<'webhook'> | Counter<'webhook'>) {
      this.reset();
      for (const hook of webhooks.all) this.inc({ webhook: hook.settings.name }, hook.counts[key]);
    },
  });
  new Gauge({
    name: 'undertone_webhook_queue',
    help: 'Alerts waiting to be delivered to a webhook.',
    ...ofWebhooks('queued'),
  });
  new Counter({
    name: 'undertone_webhook_delivered_total',
    help: 'Alerts delivered to a webhook.',
    ...ofWebhooks('delivered'),
  });
  new Counter({
    name: 'undertone_webhook_dropped_total',
    help: 'Alerts dropped because the queue was full or every try failed.',
    ...ofWebhooks('dropped'),
  });
  new Counter({
    name: 'undertone_webhook_failed_tries_total',
    help: 'Failed tries to deliver an alert.',
    ...ofWebhooks('failedTries'),
  });
}

let defaultRegistry: Registry | undefined;

/** Memory, event loop lag and garbage collection, in one registry per process. */
function processRegistry(): Registry {
  if (!defaultRegistry) {
    defaultRegistry = new Registry();
    collectDefaultMetrics({ register: defaultRegistry });
  }
  return defaultRegistry;
}

/** Maximum number of streams with their own label. The rest are counted together, because senders may use any name. */
const MAX_STREAMS = 128;
export const OTHERS = 'others';

/** The label of each stream: its name for the first 128, `others` for the rest. */
export class StreamLabels {
  readonly #names = new Set<string>();
  readonly #max: number;

  constructor(max = MAX_STREAMS) {
    this.#max = max;
  }

  of(stream: string): string {
    if (this.#names.has(stream)) return stream;
    if (this.#names.size >= this.#max) return OTHERS;
    this.#names.add(stream);
    return stream;
  }
}
