import type { Logger } from 'pino';
import type { AddressGuard } from '../stream/sources/http/address-guard.ts';
import type { Sink } from '../types.ts';
import type { SinkEntry } from './sink-entry.ts';
import type { SinkKind } from './sink-kind.ts';
import { createStreamSink, type StreamSink, type StreamSinkOptions } from './stream-sink.ts';

/** The sinks of all streams. */
export interface SinkPlan {
  /** For streams without sinks of their own. */
  readonly forAll: readonly GuardedSink[];
  /** Sinks of a stream, by its name; an empty list is none. */
  readonly own: ReadonlyMap<string, readonly GuardedSink[]>;
}

export interface GuardedSink {
  /** Its secret is text: the variable or the file was read. */
  readonly entry: SinkEntry;
  /** Which addresses it may connect to: set for a sink of the API. */
  readonly guard?: AddressGuard | undefined;
}

export interface PlannedSink {
  readonly entry: SinkEntry;
  readonly sink: StreamSink;
}

export interface StreamSinks extends Required<Sink> {
  readonly all: readonly StreamSink[];
  /**
   * Applies another plan; a sink that is in both keeps its connection and its queue. A stream ends at the sinks that it
   * leaves: without its last values they would go on as if it played.
   */
  set(plan: SinkPlan): void;
  /** The sinks of a stream, in order. */
  of(stream: string): readonly PlannedSink[];
  /** Resolves when every sink has room for more, or is down. */
  ready(): Promise<void>;
  /** Resolves when every sink has sent what it has, or drops it. */
  drained(): Promise<void>;
}

export interface StreamSinksOptions extends Pick<StreamSinkOptions, 'retryMs' | 'maxRetryMs' | 'stableMs'> {
  readonly logger: Logger;
  /** Whether a stream is being removed. Its own sinks are gone by then, and its last frames must not go to those of all. */
  readonly isLeaving?: (stream: string) => boolean;
}

/** Sends the frames of each stream to the sinks of the configuration, the command line and the API. */
export const streamSinksSink: SinkKind<{ readonly streamSinks: StreamSinks }> = {
  name: 'stream-sinks',
  create: ({ streamSinks }) => streamSinks,
};

/** Streams with the same entry share one sink, and so one connection or file. */
export function createStreamSinks({ isLeaving, ...options }: StreamSinksOptions): StreamSinks {
  let sinks = new Map<string, StreamSink>();
  let forAll: readonly PlannedSink[] = [];
  let own: ReadonlyMap<string, readonly PlannedSink[]> = new Map();
  /** Dropped by sinks that are gone, so that the sum never falls. */
  let droppedBefore = 0;
  /** The end of the sinks that are gone. */
  let closing: Promise<unknown> = Promise.resolve();

  const of = (stream: string) => own.get(stream) ?? forAll;

  return {
    name: 'stream-sinks',
    get all() {
      return [...sinks.values()];
    },
    set(next) {
      const before = sinks;
      sinks = new Map();
      const keys = new Set([next.forAll, ...next.own.values()].flat().map(keyOf));
      for (const [key, sink] of before) if (!keys.has(key)) closeGone(sink);
      const after = closing;
      const create = (one: GuardedSink): PlannedSink => {
        const key = keyOf(one);
        const sink = sinks.get(key) ?? before.get(key) ?? createStreamSink({ ...options, ...one, after });
        sinks.set(key, sink);
        return { entry: one.entry, sink };
      };
      forAll = next.forAll.map(create);
      own = new Map([...next.own].map(([stream, list]) => [stream, list.map(create)]));
      for (const sink of sinks.values())
        sink.retain((stream) => of(stream).some((planned) => planned.sink === sink));
    },
    of,
    write({ message }) {
      const { stream, t, time } = message;
      if (message.type === 'emotion' && !isLeaving?.(stream))
        for (const { sink } of of(stream)) sink.push(message);
      else if (message.type === 'source-lost') for (const { sink } of of(stream)) sink.pause(stream, t, time);
      else if (message.type === 'stream-stopped')
        for (const { sink } of of(stream)) sink.end(stream, t, time);
    },
    counts() {
      const statuses = [...sinks.values()].map(({ status }) => status);
      const sum = (key: 'queued' | 'dropped') => statuses.reduce((total, status) => total + status[key], 0);
      return { queued: sum('queued'), dropped: droppedBefore + sum('dropped') };
    },
    async ready() {
      await Promise.all([...sinks.values()].map((sink) => sink.ready()));
    },
    async drained() {
      await Promise.all([...sinks.values()].map((sink) => sink.drained()));
    },
    async close() {
      await Promise.all([closing, ...[...sinks.values()].map((sink) => sink.close())]);
    },
  };

  function closeGone(sink: StreamSink): void {
    const { dropped } = sink.status;
    droppedBefore += dropped;
    // It still drops what it cannot send any more.
    const closed = sink.close().then(() => (droppedBefore += sink.status.dropped - dropped));
    closing = Promise.all([closing, closed]);
  }
}

const keyOf = ({ entry, guard }: GuardedSink): string => JSON.stringify([entry, guard !== undefined]);
