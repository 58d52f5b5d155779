import { Counter, Histogram, type Registry } from 'prom-client';
import type { SinkKind } from './sink-kind.ts';

export interface MetricsSinkContext {
  readonly metrics: {
    readonly registry: Registry;
    /** Value of the label `stream`: the stream's name, or a common one if there are too many streams. */
    labelOf(stream: string): string;
  };
}

/** Histogram buckets in seconds, also used for the log's commits. */
export const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Counts frames, gaps and lost sources of each stream, for `/metrics`. */
export const metricsSink: SinkKind<MetricsSinkContext> = {
  name: 'metrics',
  create: ({ metrics }) => {
    const registers = [metrics.registry];
    const steps = new Counter({
      name: 'undertone_steps_total',
      help: 'Emotion frames emitted (one per half second of audio).',
      labelNames: ['stream'],
      registers,
    });
    const latency = new Histogram({
      name: 'undertone_step_latency_seconds',
      help: "Time from the arrival of a step's last sample to the emission of its frame.",
      buckets: LATENCY_BUCKETS,
      registers,
    });
    const gaps = new Counter({
      name: 'undertone_gaps_total',
      help: 'Gaps: occasions on which audio was lost or replaced by silence.',
      labelNames: ['stream', 'reason'],
      registers,
    });
    const gapSeconds = new Counter({
      name: 'undertone_gap_seconds_total',
      help: 'Seconds of audio lost or replaced by silence; "overflow": the model was slower than real time.',
      labelNames: ['stream', 'reason'],
      registers,
    });
    const losses = new Counter({
      name: 'undertone_source_lost_total',
      help: 'Lost sources.',
      labelNames: ['stream'],
      registers,
    });

    return {
      name: 'metrics',
      write({ message }) {
        const stream = metrics.labelOf(message.stream);
        if (message.type === 'emotion') {
          steps.inc({ stream });
          latency.observe(message.latencyMs / 1000);
        } else if (message.type === 'gap') {
          gaps.inc({ stream, reason: message.reason });
          gapSeconds.inc({ stream, reason: message.reason }, message.seconds);
        } else if (message.type === 'source-lost') losses.inc({ stream });
      },
    };
  },
};
