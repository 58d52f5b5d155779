import type { Observable, Subscription } from 'rxjs';
import type { EmotionFrame, Source, StreamInfo, StreamMessage } from '../types.ts';
import { UserError } from '../user-error.ts';
import type { Alerts } from './alerts/alerts.ts';
import type { Limits } from './limits.ts';
import type { Log } from './log/log.ts';
import { withoutPassword } from './without-password.ts';

/** Puts a tracker on a source: `track` of tracker.ts with its stepper bound, or a fake. */
export type StartTracker = (
  source: Source,
  stream: string,
) => { readonly messages$: Observable<StreamMessage> };

/** What a stream is tracked with, where that is not what the server tracks all others with. */
export interface AddOptions {
  readonly startTracker?: StartTracker | undefined;
  /** Name of the model, for the log. */
  readonly model?: string | undefined;
}

/** A message on its way to every client; its text is made once, and only if a client wants it. */
export class Published {
  readonly message: StreamMessage;
  readonly run: number;
  #bytes: Buffer | undefined;

  constructor(message: StreamMessage, run: number) {
    this.message = message;
    this.run = run;
  }

  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(JSON.stringify(withRun(this.message, this.run)));
    return this.#bytes;
  }
}

/** A stream that begins says which run it is, so that a client can tell later where it has come to. */
export function withRun(message: StreamMessage, run: number): StreamMessage {
  return message.type === 'stream-started' ? { ...message, run } : message;
}

export interface HubOptions {
  readonly startTracker: StartTracker;
  readonly log: Log;
  readonly model: string;
  readonly limits: Limits;
  /** What a message raises and clears; told, logged and shown like any other event. */
  readonly alerts?: Alerts;
}

/** A stream that runs: what ends it, and when it has ended. */
export interface RunningStream {
  readonly run: number;
  stop(): void;
  readonly ended: Promise<void>;
}

interface Stream {
  readonly name: string;
  readonly run: number;
  readonly source: string;
  readonly startedAt: string;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  state: StreamInfo['state'];
  message: string | null;
  last: EmotionFrame | null;
  /** Frames of this run so far, as the log counts them: `seq` of the newest + 1. */
  frames: number;
  /** Stopped for a fault, and not because its source ended or somebody stopped it. */
  failed: boolean;
}

/**
 * The streams by name. Each has one tracker with one subscription: whatever it emits goes to the log and,
 * once serialised, to all who listen. So one step is inferred once, however many watch.
 */
export class Hub {
  readonly #options: HubOptions;
  readonly #streams = new Map<string, Stream>();
  readonly #listeners = new Set<(published: Published) => void>();
  #closing = false;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** Starts a stream. A name that has stopped begins a new run; one that runs is not taken over. */
  add(name: string, source: Source, options: AddOptions = {}): RunningStream {
    if (this.#closing) throw new UserError('closing', 'The server is going down: try again in a moment.');
    if (this.isRunning(name)) {
      throw new UserError(
        'stream-busy',
        `The stream "${name}" already has a source: stop that one first, or send under another name.`,
      );
    }
    if (this.running >= this.#options.limits.streams) {
      throw new UserError(
        'too-many-streams',
        `This server already runs ${this.running} streams, its limit: stop one first.`,
      );
    }
    const stream = this.#start(name, source, options);
    this.#streams.delete(name); // To the end: the map is in the order of starting.
    this.#streams.set(name, stream);
    return { run: stream.run, ended: stream.ended, stop: () => stream.abort.abort() };
  }

  get closing(): boolean {
    return this.#closing;
  }

  isRunning(name: string): boolean {
    const stream = this.#streams.get(name);
    return stream !== undefined && stream.state !== 'stopped';
  }

  failed(name: string): boolean {
    return this.#streams.get(name)?.failed ?? false;
  }

  /** Stops a stream; resolves when it has ended. False where none of the name runs. */
  async stop(name: string): Promise<boolean> {
    const stream = this.#streams.get(name);
    if (!stream || stream.state === 'stopped') return false;
    stream.abort.abort();
    await stream.ended;
    return true;
  }

  get running(): number {
    let count = 0;
    for (const stream of this.#streams.values()) if (stream.state !== 'stopped') count++;
    return count;
  }

  /** Running streams and those that stopped of late. */
  list(): StreamInfo[] {
    return [...this.#streams.values()].map((stream) => this.#info(stream));
  }

  get(name: string): StreamInfo | undefined {
    const stream = this.#streams.get(name);
    return stream && this.#info(stream);
  }

  /** Calls back with every message of every stream, after it has gone to the log. Returns the way to stop. */
  listen(listener: (published: Published) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends all sources; resolves when the last `stream-stopped` has gone out. */
  async close(): Promise<void> {
    this.#closing = true;
    const streams = [...this.#streams.values()];
    for (const stream of streams) stream.abort.abort();
    await Promise.all(streams.map((stream) => stream.ended));
  }

  #start(name: string, source: Source, options: AddOptions): Stream {
    const { log } = this.#options;
    const startTracker = options.startTracker ?? this.#options.startTracker;
    const model = options.model ?? this.#options.model;
    const startedMs = Date.now();
    const sourceName = withoutPassword(source.uri);
    const abort = new AbortController();
    const { promise: ended, resolve } = deferred();
    const stream: Stream = {
      name,
      run: log.startRun(name, sourceName, model, startedMs),
      source: sourceName,
      startedAt: new Date(startedMs).toISOString(),
      abort,
      ended,
      state: 'running',
      message: null,
      last: null,
      frames: 0,
      failed: false,
    };
    const finish = () => {
      stream.state = 'stopped';
      subscription?.unsubscribe();
      this.#forgetOldest();
      resolve();
    };
    const fail = (error: unknown) => {
      // Trackers tell faults as `stream-stopped`; this is for one that broke its promise.
      const message = error instanceof Error ? error.message : String(error);
      this.#publish(stream, {
        type: 'stream-stopped',
        stream: name,
        t: stream.last?.t ?? 0,
        time: new Date().toISOString(),
        message: `The stream stopped on an internal error: ${message}`,
        code: 'internal',
      });
      finish();
    };
    let subscription: Subscription | undefined;
    // Later, so that the caller holds the stream before its first message can come.
    queueMicrotask(() => {
      try {
        const { messages$ } = startTracker(stoppable(source, abort.signal), name);
        subscription = messages$.subscribe({
          next: (message) => this.#publish(stream, message),
          error: fail,
          complete: finish,
        });
      } catch (error) {
        fail(error);
      }
    });
    return stream;
  }

  #publish(stream: Stream, message: StreamMessage): void {
    const events = this.#options.alerts?.hear(message) ?? [];
    // Nothing comes after the stop of a run.
    if (message.type !== 'stream-stopped') this.#publishOne(stream, message);
    for (const event of events) this.#publishOne(stream, event);
    if (message.type === 'stream-stopped') this.#publishOne(stream, message);
  }

  #publishOne(stream: Stream, message: StreamMessage): void {
    this.#options.log.write(stream.run, stream.frames, message);
    if (message.type === 'emotion') {
      stream.last = message;
      stream.frames = message.seq + 1;
    } else if (message.type === 'source-lost' || message.type === 'stream-stopped') {
      stream.message = message.message;
      stream.state = message.type === 'source-lost' ? 'lost' : 'stopped';
      stream.failed = message.type === 'stream-stopped' && message.code !== undefined;
    } else if (message.type === 'source-restored') {
      stream.message = null;
      stream.state = 'running';
    }
    const published = new Published(message, stream.run);
    for (const listener of this.#listeners) listener(published);
  }

  #info({ name, source, state, run, startedAt, message, last }: Stream): StreamInfo {
    const active = this.#options.alerts?.active(name) ?? [];
    const alerts = active.length > 0 ? { alerts: active } : {};
    return { stream: name, source, state, run, startedAt, message, last, ...alerts };
  }

  #forgetOldest(): void {
    const stopped = [...this.#streams.values()].filter((stream) => stream.state === 'stopped');
    const tooMany = stopped.length - this.#options.limits.stoppedStreams;
    for (const { name } of stopped.slice(0, Math.max(0, tooMany))) {
      this.#streams.delete(name);
      this.#options.alerts?.forget(name);
    }
  }
}

/** The source with a second way to end it; the tracker then sees an ordinary end and says so. */
function stoppable(source: Source, stop: AbortSignal): Source {
  return { uri: source.uri, open: (signal) => source.open(AbortSignal.any([signal, stop])) };
}

/** Promise.withResolvers, which Node has from 22 on. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
