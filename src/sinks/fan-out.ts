import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { PublishedMessage, Sink, StreamMessage } from '../types.ts';

export interface FanOutOptions {
  /**
   * Runs before all sinks: the messages to publish in place of the one that came, in order. Alerts add their
   * events here. Where it throws, the message is published as it came.
   */
  readonly transform?: (message: StreamMessage) => readonly StreamMessage[];
  readonly logger: Logger;
  /** Faults of one sink are logged at most this often. */
  readonly faultLogMs?: number;
  /** Monotonic clock, in ms. */
  readonly now?: () => number;
}

/** What `/metrics` shows of one sink, or of the transform (`alerts`). */
export interface SinkCounters {
  readonly name: string;
  /** Messages that it took without a fault. */
  readonly written: number;
  /** Calls that threw. */
  readonly faults: number;
  /** undefined: it has no queue of messages. */
  readonly queued: number | undefined;
  readonly dropped: number;
}

export interface FanOut {
  /** Transforms the message and writes the result to every sink, in the order in which they were added. Never throws. */
  publish(message: StreamMessage, place: { readonly run: number; readonly seq: number }): void;
  /** From now on `sink` gets every message, after those added before it. Returns the way to remove it, which does not close it. */
  add(sink: Sink): () => void;
  counters(): SinkCounters[];
  /** Closes all sinks; resolves when they are closed, or after `withinMs`. Never rejects. */
  close(withinMs: number): Promise<void>;
}

interface Guarded {
  readonly name: string;
  written: number;
  faults: number;
  /** Faults since the last one logged. */
  unlogged: number;
  loggedMs: number;
}

const DEFAULTS = { faultLogMs: 60_000, now: () => performance.now() };

/**
 * Hands every message to every sink. A sink that throws loses that message and nothing else: the fault is
 * counted and logged, and the other sinks get the message all the same.
 */
export function createFanOut(options: FanOutOptions): FanOut {
  const { transform, logger, faultLogMs, now } = { ...DEFAULTS, ...options };
  const sinks = new Map<Sink, Guarded>();
  const alerts = guarded('alerts');
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
      sinks.set(sink, guarded(sink.name));
      return () => void sinks.delete(sink);
    },

    counters() {
      const ofSinks = [...sinks].map(([sink, state]) => {
        const { queued, dropped } = countsOf(sink, state);
        return { name: state.name, written: state.written, faults: state.faults, queued, dropped };
      });
      const { name, written, faults } = alerts;
      return transform ? [{ name, written, faults, queued: undefined, dropped: 0 }, ...ofSinks] : ofSinks;
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
        // An async `write` fits the type as well; its rejection would end the process if nobody caught it.
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

  function countsOf(sink: Sink, state: Guarded) {
    try {
      const { queued, dropped } = sink.counts?.() ?? { dropped: 0 };
      return { queued, dropped };
    } catch (error) {
      failed(state, error, 'could not be counted');
      return { queued: undefined, dropped: 0 };
    }
  }

  /** A sink that fails on every message must not fill the server's log as well. */
  function failed(state: Guarded, err: unknown, what: string): void {
    state.faults++;
    if (now() - state.loggedMs < faultLogMs) {
      state.unlogged++;
      return;
    }
    const more = state.unlogged === 0 ? '' : ` ${state.unlogged} more faults since the last one logged.`;
    state.unlogged = 0;
    state.loggedMs = now();
    try {
      logger.error({ sink: state.name, err }, `The sink "${state.name}" ${what}.${more}`);
    } catch {
      // The logger itself is broken, so the event log fails too: the fault is counted, and the others go on.
    }
  }
}

const guarded = (name: string): Guarded => ({
  name,
  written: 0,
  faults: 0,
  unlogged: 0,
  loggedMs: Number.NEGATIVE_INFINITY,
});

/** `seq`: frames that the run had emitted before the message. */
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

/** `stream-started` carries its run, so that a client can name it later in `?since=`. */
export function withRun(message: StreamMessage, run: number): StreamMessage {
  return message.type === 'stream-started' ? { ...message, run } : message;
}
