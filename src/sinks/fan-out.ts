import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { PublishedMessage, Sink, StreamMessage } from '../types.ts';

export interface FanOutOptions {
  /**
   * Runs before all sinks and returns the messages to publish instead, in order. Alerts add their events here.
   * If it throws, the message is published unchanged.
   */
  readonly transform?: (message: StreamMessage) => readonly StreamMessage[];
  readonly logger: Logger;
  /** Errors of one sink are logged at most this often. */
  readonly errorLogMs?: number;
  /** Monotonic clock, in ms. */
  readonly now?: () => number;
}

/** Counters of one sink, or of the transform (`alerts`), for `/metrics`. */
export interface SinkCounters {
  readonly name: string;
  /** Messages written without an error. */
  readonly written: number;
  /** Calls that threw or rejected. */
  readonly errors: number;
  /** undefined: the sink has no queue of messages. */
  readonly queued: number | undefined;
  readonly dropped: number;
}

export interface FanOut {
  /** Transforms the message and writes the result to every sink, in the order in which they were added. Never throws. */
  publish(message: StreamMessage, place: { readonly run: number; readonly seq: number }): void;
  /** Adds a sink after the existing ones. Returns a function that removes it without closing it. */
  add(sink: Sink): () => void;
  counters(): SinkCounters[];
  /** Closes all sinks; resolves when all are closed, or after `withinMs`. Never rejects. */
  close(withinMs: number): Promise<void>;
}

interface SinkState {
  readonly name: string;
  written: number;
  errors: number;
  /** Errors since the last one logged. */
  unlogged: number;
  loggedMs: number;
}

const DEFAULTS = { errorLogMs: 60_000, now: () => performance.now() };

/**
 * Writes every message to every sink. A sink that throws loses only that message: the error is counted and logged,
 * and the other sinks still receive the message.
 */
export function createFanOut(options: FanOutOptions): FanOut {
  const { transform, logger, errorLogMs, now } = { ...DEFAULTS, ...options };
  const sinks = new Map<Sink, SinkState>();
  const alerts = sinkState('alerts');
  let closed = false;

  return {
    publish(message, { run, seq }) {
      if (closed) return;
      let framesBefore = seq;
      for (const one of transformed(message)) {
        write(publishedMessage(one, run, framesBefore));
        if (one.type === 'emotion') framesBefore = one.seq + 1;
      }
    },

    add(sink) {
      if ([alerts, ...sinks.values()].some(({ name }) => name === sink.name))
        throw new Error(`There is already a sink named "${sink.name}".`);
      sinks.set(sink, sinkState(sink.name));
      return () => void sinks.delete(sink);
    },

    counters() {
      const ofSinks = [...sinks].map(([sink, state]) => {
        const { queued, dropped } = countsOf(sink, state);
        return { name: state.name, written: state.written, errors: state.errors, queued, dropped };
      });
      const { name, written, errors } = alerts;
      return transform ? [{ name, written, errors, queued: undefined, dropped: 0 }, ...ofSinks] : ofSinks;
    },

    async close(withinMs) {
      closed = true;
      const open = new Set(sinks.keys());
      const all = [...sinks].map(async ([sink, state]) => {
        try {
          await sink.close?.();
        } catch (error) {
          failed(state, error, 'could not close');
        }
        open.delete(sink);
      });
      await Promise.race([Promise.all(all), sleep(withinMs, undefined, { ref: false })]);
      for (const { name } of open)
        logger.warn({ sink: name }, `The sink "${name}" did not close within ${withinMs} ms.`);
    },
  };

  function transformed(message: StreamMessage): readonly StreamMessage[] {
    if (!transform) return [message];
    try {
      const messages = transform(message);
      alerts.written++;
      return messages;
    } catch (error) {
      failed(alerts, error, 'failed on a message');
      return [message];
    }
  }

  function write(published: PublishedMessage): void {
    for (const [sink, state] of sinks) {
      try {
        // The type allows an async `write`; an unhandled rejection would end the process.
        const result: unknown = sink.write(published);
        state.written++;
        if (result instanceof Promise)
          result.catch((error: unknown) => {
            state.written--;
            failed(state, error, 'failed on a message');
          });
      } catch (error) {
        failed(state, error, 'failed on a message');
      }
    }
  }

  function countsOf(sink: Sink, state: SinkState) {
    try {
      const { queued, dropped } = sink.counts?.() ?? { dropped: 0 };
      return { queued, dropped };
    } catch (error) {
      failed(state, error, 'could not be counted');
      return { queued: undefined, dropped: 0 };
    }
  }

  /** Counts and logs an error, with a limit: a sink that fails on every message must not fill the server's log. */
  function failed(state: SinkState, err: unknown, what: string): void {
    state.errors++;
    if (now() - state.loggedMs < errorLogMs) {
      state.unlogged++;
      return;
    }
    const more = state.unlogged === 0 ? '' : ` ${state.unlogged} more errors since the last one logged.`;
    state.unlogged = 0;
    state.loggedMs = now();
    try {
      logger.error({ sink: state.name, err }, `The sink "${state.name}" ${what}.${more}`);
    } catch {
      // The logger itself failed. The error is counted, and the other sinks continue.
    }
  }
}

const sinkState = (name: string): SinkState => ({
  name,
  written: 0,
  errors: 0,
  unlogged: 0,
  loggedMs: Number.NEGATIVE_INFINITY,
});

/** Wraps a message for the sinks; `seq` is the number of frames that the run emitted before it. */
export function publishedMessage(message: StreamMessage, run: number, seq: number): PublishedMessage {
  let json: Uint8Array | undefined;
  return {
    message,
    run,
    seq,
    get json() {
      json ??= Buffer.from(JSON.stringify(withRun(message, run)));
      return json;
    },
  };
}

/** Adds the run to `stream-started`, so that clients can use it in `?since=`. */
export function withRun(message: StreamMessage, run: number): StreamMessage {
  return message.type === 'stream-started' ? { ...message, run } : message;
}
