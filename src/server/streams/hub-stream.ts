import type {
  EmotionFrame,
  Source,
  StopReason,
  StreamEvent,
  StreamInfo,
  StreamMessage,
} from '../../types.ts';
import type { Continued, SavableStream } from '../restart/warm-restart.ts';

/** A stream of the hub. */
export interface Stream {
  readonly name: string;
  readonly run: number;
  readonly source: string;
  /** Folder of a relative `file:` path in `source`; undefined: the working directory. */
  readonly folder: string | undefined;
  readonly startedAt: string;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  readonly cost: number;
  readonly fingerprint: string;
  save: SavableStream['save'] | undefined;
  /** Why the server stops it, for `stream-stopped`; null if it does not. */
  stopping: StopReason | null;
  /** Set while it ends because it is removed from the list. */
  removal: { readonly renamedTo: string | undefined } | null;
  state: StreamInfo['state'];
  message: string | null;
  /** What `message` states, for programs. */
  reason: Pick<StreamInfo, 'because' | 'code' | 'values'>;
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
  start: Pick<
    Stream,
    'name' | 'run' | 'source' | 'folder' | 'startedAt' | 'abort' | 'ended' | 'cost' | 'fingerprint'
  >,
): Stream => ({
  ...start,
  save: undefined,
  stopping: null,
  removal: null,
  reason: {},
  state: 'running',
  message: null,
  last: null,
  lastAtMs: 0,
  frames: 0,
  failed: false,
});

/** What `stream-stopped` states where the server stops a stream. */
const SENTENCES: Readonly<Partial<Record<StopReason, string>>> = {
  stopped: 'The stream was stopped on request.',
  removed: 'The stream was removed.',
  renamed: 'The stream was renamed.',
  changed: 'The stream was changed: it starts again.',
  shutdown: 'The server was shut down.',
};
/** A stream without a frame for longer than this gets no audio: its state is as old as the newest frame. */
const QUIET_MS = 2_000;

/** Announces what a stream that continues has missed. */
export const gapOf = (stream: string, { missedSeconds: seconds, message }: Continued): StreamMessage => ({
  ...{ type: 'gap', reason: 'restart', stream, t: 0, time: new Date().toISOString() },
  ...{ seconds, message },
});

export function stopStream(stream: Stream, because: StopReason): void {
  if (stream.state === 'stopped') return;
  stream.stopping ??= because;
  stream.abort.abort();
}

type Stopped = Extract<StreamEvent, { type: 'stream-stopped' }>;

/** The last message of a run with its reason. The tracker sees an ordinary end of a source that the server stops. */
export function asStopped(message: Stopped, stopping: StopReason | null): Stopped {
  if (message.code !== undefined) return { ...message, because: 'failed' };
  if (stopping === null) return { ...message, because: 'ended' };
  return { ...message, message: SENTENCES[stopping] ?? message.message, because: stopping };
}

export function update(stream: Stream, message: StreamMessage): void {
  if (message.type === 'emotion') {
    stream.last = message;
    stream.lastAtMs = performance.now();
    stream.frames = message.seq + 1;
  } else if (message.type === 'source-lost' || message.type === 'stream-stopped') {
    stream.message = message.message;
    stream.state = message.type === 'source-lost' ? 'lost' : 'stopped';
    stream.failed = message.type === 'stream-stopped' && message.code !== undefined;
    const { code, values } = message;
    stream.reason = {
      ...('because' in message && message.because && { because: message.because }),
      ...(code !== undefined && { code }),
      ...(values !== undefined && { values }),
    };
  } else if (message.type === 'source-restored') {
    stream.message = null;
    stream.reason = {};
    stream.state = 'running';
  }
}

/** What a restart of the program needs; undefined for a stream that does not continue then. */
export function savable(stream: Stream): Omit<SavableStream, 'profile'> | undefined {
  const { name, run, source, fingerprint, save, state, stopping, last, lastAtMs } = stream;
  if (!save || !last || (state === 'stopped' && stopping !== 'shutdown')) return undefined;
  const quietMs = performance.now() - lastAtMs;
  const atMs = Date.now() - (quietMs > QUIET_MS ? quietMs : 0);
  return { stream: name, run, source, fingerprint, atMs, save };
}

/** The stream as the API and the hello list it, with what others know of it. */
export function infoOf(
  { name, source, state, run, startedAt, message, reason, last }: Stream,
  { alerts = [], profile, from, formerly = [] }: Pick<StreamInfo, 'alerts' | 'profile' | 'from' | 'formerly'>,
): StreamInfo {
  return {
    ...{ stream: name, source, state, run, startedAt, message },
    ...reason,
    last,
    ...(last && state === 'running' && { lagSeconds: Math.round(last.latencyMs) / 1000 }),
    ...(alerts.length > 0 && { alerts }),
    ...(profile !== undefined && { profile }),
    ...(from && { from }),
    ...(formerly.length > 0 && { formerly }),
  };
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
