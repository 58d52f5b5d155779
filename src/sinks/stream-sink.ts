import type { Logger } from 'pino';
import type { AddressGuard } from '../stream/sources/http/address-guard.ts';
import type { EmotionFrame } from '../types.ts';
import { within } from '../util/within.ts';
import { createDeliveryQueue } from './delivery-queue.ts';
import { connectorOf } from './kinds/index.ts';
import type { SinkStep } from './kinds/stream-sink-kind.ts';
import { createLink, type LinkOptions } from './link.ts';
import { createMapping, type MappedValue, type Mapping } from './mapping/mapping.ts';
import type { SinkEntry } from './sink-entry.ts';
import type { SinkFault } from './sink-fault.ts';
import type { StreamSinkStatus } from './sink-status.ts';
import { sinkName } from './sink-uri.ts';

export interface StreamSinkOptions
  extends Pick<LinkOptions, 'retryMs' | 'maxRetryMs' | 'stableMs' | 'sendMs'> {
  /** Its secret is text: the variable or the file was read. */
  readonly entry: SinkEntry;
  readonly guard?: AddressGuard | undefined;
  readonly logger: Logger;
  /** It opens when this resolves: a sink that it replaces may be at the same address, and must send its end first. */
  readonly after?: Promise<unknown>;
}

/** A sink that streams are sent to. */
export interface StreamSink {
  /** Without options and secrets. */
  readonly name: string;
  readonly status: StreamSinkStatus;
  /** Maps a frame and queues it. */
  push(frame: EmotionFrame): void;
  /** The stream has lost its source: sends that it has no values now if it was sent to this sink. */
  pause(stream: string, t: number, time: string): void;
  /** The stream has stopped: sends its last values if it was sent to this sink. */
  end(stream: string, t: number, time: string): void;
  /** Ends the streams that are no longer sent to this sink, as if they had stopped now. */
  retain(isSent: (stream: string) => boolean): void;
  /** Resolves when the queue has room for more, or the sink is down and drops. */
  ready(): Promise<void>;
  /** Sends what is queued, without waiting for a full batch; resolves when that is done or the sink is down. */
  drained(): Promise<void>;
  /** Ends all streams, sends what is queued if it can do so soon, and closes the connection. */
  close(): Promise<void>;
}

interface SentStream {
  readonly mapping: Mapping;
  /** Of its newest frame. */
  t: number;
  /** Its source is lost; the sink has its last values. */
  isPaused: boolean;
}

/** How long a live sink that is closed may take to send what it has. */
const CLOSE_LIVE_MS = 200;
/** The same for the others, which keep what is sent: a busy disk may take long to open a file. */
const CLOSE_MS = 1_500;
/** A sink that is slower than the stream is logged at most this often. */
const SLOW_LOG_MS = 60_000;

/**
 * Maps the frames of its streams and sends them over one connection, in order. While the connection is down,
 * a live sink drops steps; the others keep as many as their queue holds.
 */
export function createStreamSink({ entry, guard, logger, after, ...times }: StreamSinkOptions): StreamSink {
  const { smooth, every } = entry;
  const secret = typeof entry.secret === 'string' ? entry.secret : undefined;
  const name = sinkName(entry.sink);
  const { kind, connector, values } = connectorOf({ ...entry, secret });
  const isWhole = values === undefined;
  /** The streams whose values were sent, until they end. */
  const streams = new Map<string, SentStream>();
  /** Why it is down. */
  let down: SinkFault | undefined;
  let droppedBefore = 0;
  let downAtMs = 0;
  let slowLoggedMs = Number.NEGATIVE_INFINITY;
  let waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  const link = createLink({
    ...times,
    live: kind.live,
    async open(signal) {
      await after;
      signal.throwIfAborted();
      return connector.open({ signal, guard });
    },
    onChange,
  });
  const queue = createDeliveryQueue<SinkStep>({
    maxQueued: kind.maxQueued,
    batch: kind.batch,
    deliver: (steps) => link.send(steps),
    onDropped,
    onAdvanced: wake,
  });

  return {
    name,
    get status() {
      const { items, delivered, dropped } = queue;
      return {
        state: link.state,
        message: down?.message ?? null,
        reason: down === undefined ? null : `The sink ${name} is down: ${down.words}.`,
        reasonCode: down?.code,
        reasonValues: down?.values,
        queued: items.length,
        delivered,
        dropped,
        failures: link.failures,
      };
    },
    push(frame) {
      const { stream, t, time } = frame;
      const values = isWhole ? [] : mapped(frame);
      if (isWhole || values.length > 0)
        queue.push({ stream, t, timeMs: Date.parse(time), values, frame, isLast: false });
    },
    pause: (stream, t, time) => end(stream, t, Date.parse(time), false),
    end: (stream, t, time) => end(stream, t, Date.parse(time), true),
    retain(isSent) {
      for (const [stream, { t }] of streams) if (!isSent(stream)) end(stream, t, Date.now(), true);
    },
    ready: () => until(() => queue.items.length < kind.maxQueued / 2),
    drained() {
      queue.flush();
      return until(() => queue.items.length === 0);
    },
    async close() {
      const closeMs = kind.live ? CLOSE_LIVE_MS : CLOSE_MS;
      this.retain(() => false);
      await within(closeMs, this.drained());
      queue.close();
      wake();
      await link.close();
    },
  };

  function mapped(frame: EmotionFrame): MappedValue[] {
    const { stream, t } = frame;
    let sent = streams.get(stream);
    // After a loss of the source, a switch sends its state again, whatever it is.
    if (!sent || sent.isPaused) {
      sent = { mapping: createMapping({ values, to: kind.to, smooth, every }), t, isPaused: false };
      streams.set(stream, sent);
    }
    sent.t = t;
    return sent.mapping.next(frame);
  }

  function end(stream: string, t: number, timeMs: number, isLast: boolean): void {
    const sent = streams.get(stream);
    if (!sent) return;
    const values = sent.isPaused ? [] : sent.mapping.end();
    if (isLast) streams.delete(stream);
    else sent.isPaused = true;
    if (values.length > 0 || kind.perStream)
      queue.push({ stream, t, timeMs, values, frame: undefined, isLast });
  }

  function onChange(fault: SinkFault | undefined): void {
    const before = down;
    down = fault;
    if (fault) {
      droppedBefore = queue.dropped;
      downAtMs = performance.now();
      const fate = kind.live ? 'steps are dropped' : `at most ${kind.maxQueued} steps are kept`;
      logger.warn({ sink: name }, `The sink ${name} is down (${fault.words}): ${fate} until it is up again.`);
      wake();
      return;
    }
    if (before) {
      const seconds = Math.round((performance.now() - downAtMs) / 1000);
      const lost = queue.dropped - droppedBefore;
      logger.info(
        { sink: name, dropped: lost },
        `The sink ${name} is up again after ${seconds} s; ${lost} steps were dropped.`,
      );
    }
  }

  /** While it is down, dropped steps are counted and logged once it is up. */
  function onDropped(_step: SinkStep, reason: string): void {
    if (link.state === 'down' || queue.closed || performance.now() - slowLoggedMs < SLOW_LOG_MS) return;
    slowLoggedMs = performance.now();
    logger.warn({ sink: name }, `The sink ${name} dropped a step: ${reason}.`);
  }

  /** Resolves when the condition is met, or the sink is down. */
  function until(isMet: () => boolean): Promise<void> {
    const isOver = () => isMet() || queue.closed || link.state === 'down';
    return isOver() ? Promise.resolve() : new Promise((resolve) => waiting.push({ isMet: isOver, resolve }));
  }

  function wake(): void {
    const before = waiting;
    waiting = [];
    for (const one of before) {
      if (one.isMet()) one.resolve();
      else waiting.push(one);
    }
  }
}
