import type { EmotionFrame, Source, StreamInfo, StreamMessage } from '../../types.ts';
import type { Continued, SavableStream } from '../restart/warm-restart.ts';

/** A stream of the hub. */
export interface Stream {
  readonly name: string;
  readonly run: number;
  readonly source: string;
  readonly startedAt: string;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  readonly cost: number;
  readonly fingerprint: string;
  save: SavableStream['save'] | undefined;
  /** Why the server stopped it, for `stream-stopped`; null if it did not. */
  stoppedBecause: string | null;
  state: StreamInfo['state'];
  message: string | null;
  /** The code of the error that it is not running by, if there is one. */
  code: string | undefined;
  last: EmotionFrame | null;
  /** `performance.now()` at the newest frame. */
  lastAtMs: number;
  /** Frames of this run so far: `seq` of the newest + 1. */
  frames: number;
  /** Stopped by an error, not by the end of its source or a request. */
  failed: boolean;
}

/** A stream of which nothing is known yet but its start. */
export const newStream = (
  start: Pick<Stream, 'name' | 'run' | 'source' | 'startedAt' | 'abort' | 'ended' | 'cost' | 'fingerprint'>,
): Stream => ({
  ...start,
  save: undefined,
  stoppedBecause: null,
  state: 'running',
  message: null,
  code: undefined,
  last: null,
  lastAtMs: 0,
  frames: 0,
  failed: false,
});

/** Why `close` of the hub stops a stream. */
export const SHUTDOWN = 'The server was shut down.';
/** A stream without a frame for longer than this gets no audio: its state is as old as the newest frame. */
const QUIET_MS = 2_000;

/** Announces what a stream that continues has missed. */
export const gapOf = (stream: string, { missedSeconds: seconds, message }: Continued): StreamMessage => ({
  ...{ type: 'gap', reason: 'restart', stream, t: 0, time: new Date().toISOString() },
  ...{ seconds, message },
});

export function stopStream(stream: Stream, because: string): void {
  stream.stoppedBecause ??= because;
  stream.abort.abort();
}

export function update(stream: Stream, message: StreamMessage): void {
  if (message.type === 'emotion') {
    stream.last = message;
    stream.lastAtMs = performance.now();
    stream.frames = message.seq + 1;
  } else if (message.type === 'source-lost' || message.type === 'stream-stopped') {
    stream.message = message.message;
    stream.code = message.code;
    stream.state = message.type === 'source-lost' ? 'lost' : 'stopped';
    stream.failed = message.type === 'stream-stopped' && message.code !== undefined;
  } else if (message.type === 'source-restored') {
    stream.message = null;
    stream.code = undefined;
    stream.state = 'running';
  }
}

/** What a restart of the program needs; undefined for a stream that does not continue then. */
export function savable(stream: Stream): Omit<SavableStream, 'profile'> | undefined {
  const { name, run, source, fingerprint, save, state, stoppedBecause, last, lastAtMs } = stream;
  if (!save || !last || (state === 'stopped' && stoppedBecause !== SHUTDOWN)) return undefined;
  const quietMs = performance.now() - lastAtMs;
  const atMs = Date.now() - (quietMs > QUIET_MS ? quietMs : 0);
  return { stream: name, run, source, fingerprint, atMs, save };
}

/** The last message of a stream whose tracker threw; others report their errors themselves. */
export function failureOf({ name, last }: Stream, error: unknown): StreamMessage {
  const message = error instanceof Error ? error.message : String(error);
  return {
    type: 'stream-stopped',
    stream: name,
    t: last?.t ?? 0,
    time: new Date().toISOString(),
    message: `The stream stopped on an internal error: ${message}`,
    code: 'internal',
  };
}

/** The source with a second signal that ends it; the tracker sees an ordinary end. */
export function stoppable(source: Source, stop: AbortSignal): Source {
  const { openInt16 } = source;
  return {
    ...source,
    open: (signal) => source.open(AbortSignal.any([signal, stop])),
    ...(openInt16 && { openInt16: (signal) => openInt16(AbortSignal.any([signal, stop])) }),
  };
}
