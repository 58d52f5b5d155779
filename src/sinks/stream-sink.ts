import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AddressGuard } from '../stream/sources/http/address-guard.ts';
import type { EmotionFrame } from '../types.ts';
import { createDeliveryQueue } from './delivery-queue.ts';
import { connectorOf } from './kinds/index.ts';
import type { SinkConnection, SinkStep } from './kinds/stream-sink-kind.ts';
import { createLink, type LinkOptions, reasonOf } from './link.ts';
import { createMapping, type Mapping } from './mapping/mapping.ts';
import type { SinkEntry } from './sink-entry.ts';
import { sinkName } from './sink-uri.ts';

export interface StreamSinkOptions extends Pick<LinkOptions, 'retryMs' | 'maxRetryMs' | 'stableMs'> {
  /** Its secret is text: the variable or the file was read. */
  readonly entry: SinkEntry;
  readonly guard?: AddressGuard | undefined;
  readonly logger: Logger;
  /** How long one step may take to be sent. */
  readonly sendMs?: number;
}

export interface StreamSinkStatus {
  readonly state: 'connecting' | 'up' | 'down';
  /** Why it is down; null if it is not. */
  readonly message: string | null;
  readonly queued: number;
  readonly delivered: number;
  readonly dropped: number;
  /** How often the connection was lost or could not be opened. */
  readonly failures: number;
}

/** A sink that streams are sent to. */
export interface StreamSink {
  /** Without options and secrets. */
  readonly name: string;
  readonly status: StreamSinkStatus;
  /** Maps a frame and queues it. */
  push(frame: EmotionFrame): void;
  /** The stream has stopped. */
  end(stream: string, t: number, time: string): void;
  /** Resolves when the queue is empty, or the sink is down and drops. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

const SEND_MS = 10_000;
/** How long a sink that is closed may take to send what it has. */
const CLOSE_MS = 200;
/** A sink that is slower than the stream is logged at most this often. */
const SLOW_LOG_MS = 60_000;

/**
 * Maps the frames of its streams and sends them over one connection, one step at a time. While the connection is down,
 * a live sink drops steps; the others keep as many as their queue holds.
 */
export function createStreamSink({
  entry,
  guard,
  logger,
  sendMs = SEND_MS,
  ...retry
}: StreamSinkOptions): StreamSink {
  const { sink, user, values, smooth, every } = entry;
  const secret = typeof entry.secret === 'string' ? entry.secret : undefined;
  const name = sinkName(sink);
  const { kind, connector } = connectorOf(sink, { user, secret, values });
  const isWhole = kind.wholeFrames && !values && !smooth && !every;
  const mappings = new Map<string, Mapping>();
  let message: string | null = null;
  let droppedBefore = 0;
  let downAtMs = 0;
  let slowLoggedMs = Number.NEGATIVE_INFINITY;
  let onIdle: (() => void)[] = [];

  const link = createLink({
    ...retry,
    open: (signal) => connector.open({ signal, guard }),
    onChange,
  });
  const queue = createDeliveryQueue<SinkStep>({
    maxQueued: kind.maxQueued,
    deliver: async (step, signal) => {
      const reason = await deliver(step, signal);
      if (queue.items.length === 1) wakeIdle();
      return reason;
    },
    onDropped,
  });

  return {
    name,
    get status() {
      const { items, delivered, dropped } = queue;
      return {
        state: link.state,
        message,
        queued: items.length,
        delivered,
        dropped,
        failures: link.failures,
      };
    },
    push(frame) {
      const { stream, t, time } = frame;
      const mapped = isWhole ? [] : mappingOf(stream).next(frame);
      if (isWhole || mapped.length > 0)
        queue.push({ stream, t, timeMs: Date.parse(time), values: mapped, frame });
    },
    end(stream, t, time) {
      const mapped = isWhole ? [] : mappingOf(stream).end();
      mappings.delete(stream);
      if (mapped.length > 0)
        queue.push({ stream, t, timeMs: Date.parse(time), values: mapped, frame: undefined });
    },
    drained: () =>
      queue.items.length === 0 || link.state === 'down'
        ? Promise.resolve()
        : new Promise((resolve) => onIdle.push(resolve)),
    async close() {
      await Promise.race([this.drained(), sleep(CLOSE_MS, undefined, { ref: false })]);
      queue.close();
      wakeIdle();
      await link.close();
    },
  };

  function mappingOf(stream: string): Mapping {
    const known = mappings.get(stream);
    if (known) return known;
    const mapping = createMapping({ values, smooth, every });
    mappings.set(stream, mapping);
    return mapping;
  }

  async function deliver(step: SinkStep, signal: AbortSignal): Promise<string | undefined> {
    await link.tried;
    for (;;) {
      if (signal.aborted) return undefined;
      const { connection } = link;
      if (connection) {
        const failure = await send(connection, step);
        if (failure === undefined || !failure.lost) return failure?.reason;
        link.fail(connection, failure.reason);
        if (kind.live) return failure.reason;
      } else if (kind.live) return 'it is down';
      else {
        wakeIdle();
        await link.connected();
      }
    }
  }

  /** Sends one step. `lost`: the connection is no longer of use. */
  async function send(connection: SinkConnection, step: SinkStep) {
    const timeout = new AbortController();
    try {
      const reason = await Promise.race([
        connection.send(step),
        sleep(sendMs, `a step was not accepted within ${sendMs / 1000} s`, {
          signal: timeout.signal,
          ref: false,
        }).then((late) => Promise.reject(new Error(late))),
      ]);
      return reason === undefined ? undefined : { reason, lost: false };
    } catch (error) {
      return { reason: reasonOf(error), lost: true };
    } finally {
      timeout.abort();
    }
  }

  function onChange(state: 'up' | 'down', reason: string): void {
    if (state === 'down') {
      message = reason;
      droppedBefore = queue.dropped;
      downAtMs = performance.now();
      const until = kind.live ? 'steps are dropped' : `at most ${kind.maxQueued} steps are kept`;
      logger.warn({ sink: name }, `The sink ${name} is down (${reason}): ${until} until it is up again.`);
      return;
    }
    if (message !== null) {
      const seconds = Math.round((performance.now() - downAtMs) / 1000);
      const lost = queue.dropped - droppedBefore;
      logger.info(
        { sink: name, dropped: lost },
        `The sink ${name} is up again after ${seconds} s; ${lost} steps were dropped.`,
      );
    }
    message = null;
  }

  /** While it is down, dropped steps are counted and logged once it is up. */
  function onDropped(_step: SinkStep, reason: string): void {
    if (link.state === 'down' || queue.closed || performance.now() - slowLoggedMs < SLOW_LOG_MS) return;
    slowLoggedMs = performance.now();
    logger.warn({ sink: name }, `The sink ${name} dropped a step: ${reason}.`);
  }

  function wakeIdle(): void {
    for (const resolve of onIdle) resolve();
    onIdle = [];
  }
}
