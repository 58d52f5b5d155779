import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { StreamInfo, StreamMessage } from '../../types.ts';
import { StreamLabels } from './stream-labels.ts';

/** What is read off the parts of the server when somebody asks. */
export interface Readings {
  readonly streams: () => readonly StreamInfo[];
  readonly logQueued: () => number;
  readonly logDropped: () => number;
  readonly logFailing: () => boolean;
  readonly watchers: () => number;
  readonly watcherBytesQueued: () => number;
  readonly sockets: () => number;
  readonly skipped: () => number;
  readonly refusedTokens: () => number;
  readonly refusedRates: () => number;
  readonly alertsRaised: () => number;
  readonly webhooks: () => readonly {
    readonly name: string;
    readonly queued: number;
    readonly delivered: number;
    readonly dropped: number;
    readonly failedTries: number;
  }[];
}

const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** `/metrics`, in the format of Prometheus. Each server has its own: nothing is shared by the process but the process. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #labels = new StreamLabels();
  readonly #steps;
  readonly #latency;
  readonly #gaps;
  readonly #gapSeconds;
  readonly #losses;
  readonly #logFlush;
  readonly #logRows;
  readonly #requests;

  constructor(readings: Readings, about: Readonly<Record<'version' | 'model' | 'engine', string>>) {
    const registers = [this.#registry];
    const perStream = { labelNames: ['stream'] as const, registers };
    this.#steps = new Counter({
      name: 'undertone_steps_total',
      help: 'Steps told (half seconds of audio).',
      ...perStream,
    });
    this.#latency = new Histogram({
      name: 'undertone_step_latency_seconds',
      help: "From the arrival of a step's last sample to its frame.",
      buckets: LATENCY_BUCKETS,
      registers,
    });
    this.#gaps = new Counter({
      name: 'undertone_gaps_total',
      help: 'Times that audio was not heard.',
      labelNames: ['stream', 'reason'],
      registers,
    });
    this.#gapSeconds = new Counter({
      name: 'undertone_gap_seconds_total',
      help: 'Audio that was not heard; for overflow, as steps were not computed as fast as it came.',
      labelNames: ['stream', 'reason'],
      registers,
    });
    this.#losses = new Counter({
      name: 'undertone_source_lost_total',
      help: 'Times that a source was lost.',
      ...perStream,
    });
    this.#logFlush = new Histogram({
      name: 'undertone_log_flush_seconds',
      help: 'One commit of what waited for the log.',
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
      help: 'Answers to requests, by their status.',
      labelNames: ['method', 'status'],
      registers,
    });
    new Gauge({
      name: 'undertone_info',
      help: 'What runs.',
      labelNames: ['version', 'model', 'engine'],
      registers,
    }).set(about, 1);
    this.#read(readings);
    ofProcess(); // Measures from now on.
  }

  /** Fed with every message of every stream. */
  hear(message: StreamMessage): void {
    const stream = this.#labels.of(message.stream);
    if (message.type === 'emotion') {
      this.#steps.inc({ stream });
      this.#latency.observe(message.latencyMs / 1000);
    } else if (message.type === 'gap') {
      this.#gaps.inc({ stream, reason: message.reason });
      this.#gapSeconds.inc({ stream, reason: message.reason }, message.seconds);
    } else if (message.type === 'source-lost') this.#losses.inc({ stream });
  }

  flushed(ms: number, rows: number): void {
    this.#logFlush.observe(ms / 1000);
    this.#logRows.inc(rows);
  }

  answered(method: string, status: number): void {
    this.#requests.inc({ method: METHODS.has(method) ? method : 'other', status: String(status) });
  }

  async text(): Promise<{ readonly type: string; readonly body: string }> {
    const parts = await Promise.all([this.#registry.metrics(), ofProcess().metrics()]);
    return { type: this.#registry.contentType, body: parts.join('\n') };
  }

  #read(readings: Readings): void {
    const registers = [this.#registry];
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
    gauge('undertone_log_queue', 'Messages that wait for the log.', readings.logQueued);
    gauge('undertone_log_failing', '1 while the log cannot be written.', () => Number(readings.logFailing()));
    counter('undertone_log_dropped_total', 'Messages lost to the log.', readings.logDropped);
    gauge('undertone_live_clients', 'Clients that watch.', readings.watchers);
    gauge('undertone_live_queue_bytes', 'Bytes that clients have not read yet.', readings.watcherBytesQueued);
    counter('undertone_live_skipped_total', 'Messages that slow clients did not get.', readings.skipped);
    gauge('undertone_sockets', 'Open WebSockets of all kinds.', readings.sockets);
    gauge('undertone_alerts_raised', 'Alerts that are raised now.', readings.alertsRaised);
    counter(
      'undertone_refused_tokens_total',
      'Requests without a token that allows them.',
      readings.refusedTokens,
    );
    counter('undertone_refused_rates_total', 'Requests that came too often.', readings.refusedRates);

    const labels = this.#labels;
    const now = (read: (info: StreamInfo) => number | undefined) =>
      function collect(this: Gauge<'stream'>) {
        this.reset(); // Of streams that are gone nothing is told.
        for (const info of readings.streams()) {
          const value = read(info);
          if (value !== undefined) this.set({ stream: labels.of(info.stream) }, value);
        }
      };
    const perStream = { labelNames: ['stream'] as const, registers };
    new Gauge({
      name: 'undertone_stream_up',
      help: '1: running, 0.5: its source is lost, 0: stopped.',
      ...perStream,
      collect: now(({ state }) => ({ running: 1, lost: 0.5, stopped: 0 })[state]),
    });
    new Gauge({
      name: 'undertone_stream_lag_seconds',
      help: "From the arrival of the newest step's last sample to its frame.",
      ...perStream,
      collect: now(({ last }) => (last ? last.latencyMs / 1000 : undefined)),
    });
    new Gauge({
      name: 'undertone_stream_step_age_seconds',
      help: 'Since the newest step of a stream that has not stopped.',
      ...perStream,
      collect: now(({ last, state }) =>
        last === null || state === 'stopped' ? undefined : (Date.now() - Date.parse(last.time)) / 1000,
      ),
    });
    const hooks = (key: 'queued' | 'delivered' | 'dropped' | 'failedTries') => ({
      labelNames: ['webhook'] as const,
      registers,
      collect(this: Gauge<'webhook'> | Counter<'webhook'>) {
        this.reset();
        for (const hook of readings.webhooks()) this.inc({ webhook: hook.name }, hook[key]);
      },
    });
    new Gauge({
      name: 'undertone_webhook_queue',
      help: 'Alerts that wait for a webhook.',
      ...hooks('queued'),
    });
    new Counter({
      name: 'undertone_webhook_delivered_total',
      help: 'Alerts that a webhook took.',
      ...hooks('delivered'),
    });
    new Counter({
      name: 'undertone_webhook_dropped_total',
      help: 'Alerts that a webhook never got.',
      ...hooks('dropped'),
    });
    new Counter({
      name: 'undertone_webhook_failed_tries_total',
      help: 'Tries that failed.',
      ...hooks('failedTries'),
    });
  }
}

let processRegistry: Registry | undefined;

/** Memory, lag of the event loop, garbage collection: one for all, as there is one process. */
function ofProcess(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
