import type { Subscription } from 'rxjs';
import type { StreamInfo, StreamMessage, StreamRemoved } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { deferred } from '../../util/deferred.ts';
import { withoutSecrets } from '../../util/without-secrets.ts';
import { countFromZero } from '../restart/count-from-zero.ts';
import type { Continued, SavableStream } from '../restart/warm-restart.ts';
import type { DescribedSource } from '../shards/source-spec.ts';
import { CHECK_MS } from './clock-changes.ts';
import type { AddOptions, HubOptions, RunningStream, StreamTracker } from './hub-options.ts';
import {
  asStopped,
  failureOf,
  gapOf,
  infoOf,
  newStream,
  type Stream,
  savable,
  stoppable,
  stopStream,
  update,
} from './hub-stream.ts';
import { checkRoom } from './room.ts';

/**
 * Runs the streams and holds their state, by name. Each stream has one tracker with one subscription, whose messages
 * are published to all sinks: one inference per step, however many clients and sinks there are.
 */
export class Hub {
  readonly #options: HubOptions;
  readonly #streams = new Map<string, Stream>();
  /** The last streams that were removed, for clients that connect again. */
  readonly #removed = new Map<string, StreamRemoved>();
  readonly #running = () => [...this.#streams.values()].filter(({ state }) => state !== 'stopped');
  readonly #clockTimer: NodeJS.Timeout;
  #closing = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#clockTimer = setInterval(() => this.checkClock(), CHECK_MS);
    this.#clockTimer.unref();
  }

  /**
   * Starts a stream. A stream that has stopped begins a new run.
   *
   * @throws UserError `closing`, `stream-busy`, `too-many-streams`
   */
  add(name: string, source: DescribedSource, options: AddOptions = {}): RunningStream {
    if (this.#closing) throw new UserError('closing', 'The server is shutting down: try again in a moment.');
    if (this.isRunning(name)) {
      throw new UserError(
        'stream-busy',
        `The stream "${name}" already has a source: stop it first, or use another name.`,
      );
    }
    const { startTracker, model, cost = 0, fingerprint = '', limits, cores } = this.#options;
    const tracker: StreamTracker = { startTracker, model, cost, fingerprint, ...options };
    checkRoom({ running: this.running, load: this.load, limit: limits.streams, cores, ...tracker });
    const stream = this.#start(name, source, tracker);
    this.#streams.delete(name); // Moves the name to the end: the map is in the order of the starts.
    this.#streams.set(name, stream);
    this.#removed.delete(name);
    return {
      run: stream.run,
      ended: stream.ended,
      stop: (because) => stopStream(stream, because),
      get message() {
        return stream.message;
      },
    };
  }

  get closing(): boolean {
    return this.#closing;
  }

  isRunning(name: string): boolean {
    const stream = this.#streams.get(name);
    return stream !== undefined && stream.state !== 'stopped';
  }

  /** Whether the stream ends because it is removed or renamed. */
  isLeaving(name: string): boolean {
    return this.#streams.get(name)?.removal != null;
  }

  /** Whether the stream stopped on an error. */
  failed(name: string): boolean {
    return this.#streams.get(name)?.failed ?? false;
  }

  /** Stops a stream; resolves when it has ended. False if the stream is not running. */
  async stop(name: string): Promise<boolean> {
    const stream = this.#streams.get(name);
    if (!stream || stream.state === 'stopped') return false;
    stopStream(stream, 'stopped');
    await stream.ended;
    return true;
  }

  /**
   * Stops a stream and takes it off the list; resolves when it has ended. False if it is not on the list.
   *
   * @param renamedTo the name under which its source goes on
   */
  async remove(name: string, renamedTo?: string): Promise<boolean> {
    const stream = this.#streams.get(name);
    if (!stream) return false;
    stream.removal = { renamedTo };
    if (stream.state === 'stopped') this.#drop(stream);
    else {
      stopStream(stream, renamedTo === undefined ? 'removed' : 'renamed');
      await stream.ended;
    }
    return true;
  }

  /** The streams that were removed or renamed last, and are not there again. */
  get removed(): readonly StreamRemoved[] {
    return [...this.#removed.values()];
  }

  /** How a stream was removed or renamed that is not there again; undefined also if that is long ago. */
  removal(name: string): StreamRemoved | undefined {
    return this.#removed.get(name);
  }

  /** Number of running streams. */
  get running(): number {
    return this.#running().length;
  }

  /** Share of the cores for streams that the running ones take; 0 if only their number is limited. */
  get load(): number {
    const { cores = Number.POSITIVE_INFINITY } = this.#options;
    let cost = 0;
    for (const stream of this.#running()) cost += stream.cost;
    return cost / cores;
  }

  /** Running and recently stopped streams. */
  list(): StreamInfo[] {
    return [...this.#streams.values()].map((stream) => this.#info(stream));
  }

  get(name: string): StreamInfo | undefined {
    const stream = this.#streams.get(name);
    return stream && this.#info(stream);
  }

  /** Folder of a relative path in the source of a stream; undefined: the working directory. */
  folderOf(name: string): string | undefined {
    return this.#streams.get(name)?.folder;
  }

  /** Seconds since the newest frame of a stream, whatever its clock showed; undefined without a frame. */
  stepAge(name: string): number | undefined {
    const stream = this.#streams.get(name);
    return stream?.last ? (performance.now() - stream.lastAtMs) / 1000 : undefined;
  }

  /** The running streams, and those that the shutdown stopped. */
  *savable(): Generator<SavableStream> {
    for (const stream of this.#streams.values()) {
      const saved = savable(stream);
      if (saved) yield { ...saved, profile: this.#options.profiles?.of(stream.name) };
    }
  }

  /** Stops all streams; resolves when the last `stream-stopped` is published. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#clockTimer);
    for (const stream of this.#streams.values()) stopStream(stream, 'shutdown');
    await Promise.all([...this.#streams.values()].map(({ ended }) => ended));
  }

  #start(name: string, source: DescribedSource, tracker: StreamTracker): Stream {
    const { startTracker, model, cost, fingerprint } = tracker;
    const startedMs = Date.now();
    const sourceName = withoutSecrets(source.uri);
    const abort = new AbortController();
    const { promise: ended, resolve } = deferred<void>();
    const run = this.#options.log.startRun(name, sourceName, model, startedMs);
    const startedAt = new Date(startedMs).toISOString();
    const start = { name, run, source: sourceName, folder: source.spec?.folder, startedAt };
    const stream = newStream({ ...start, abort, ended, cost, fingerprint });
    const finish = () => {
      stream.state = 'stopped';
      this.#options.spectrograms?.ended(stream);
      subscription?.unsubscribe();
      if (stream.removal) this.#drop(stream);
      this.#removeOldest();
      resolve();
    };
    const fail = (error: unknown) => {
      this.#publish(stream, failureOf(stream, error));
      finish();
    };
    let subscription: Subscription | undefined;
    // Deferred, so that the caller has the stream before its first message.
    queueMicrotask(() => {
      try {
        const continued = this.#continued(stream);
        const started = startTracker(stoppable(source, abort.signal), name, abort.signal, continued?.state);
        stream.save = started.save;
        const renumber = continued ? countFromZero() : (message: StreamMessage) => message;
        subscription = started.messages$.subscribe({
          next: (message) => {
            this.#publish(stream, renumber(message));
            if (continued && message.type === 'stream-started') this.#publish(stream, gapOf(name, continued));
          },
          error: fail,
          complete: finish,
        });
        this.#options.spectrograms?.started(stream, started.tapMel);
      } catch (error) {
        fail(error);
      }
    });
    return stream;
  }

  /** The state that a stream continues from. Not known before its profile is. */
  #continued({ name, source, fingerprint }: Stream): Continued | undefined {
    const { restart, profiles } = this.#options;
    return restart?.take({ stream: name, source, fingerprint, profile: profiles?.planned(name) });
  }

  /** Notices a change of the clock, and announces it to every running stream. */
  checkClock(): void {
    const announced = this.#options.clock?.check(this.#running);
    if (!announced) return;
    const { seconds, timeMs, message } = announced;
    const time = new Date(timeMs).toISOString();
    for (const { name, run, frames, last } of this.#running())
      this.#options.sinks.publish(
        { type: 'clock-changed', stream: name, t: last?.t ?? 0, time, seconds, message },
        { run, seq: frames },
      );
  }

  #publish(stream: Stream, message: StreamMessage): void {
    this.checkClock(); // Before the frame counts: its time is of the clock after the change.
    const { run, frames } = stream;
    const published = message.type === 'stream-stopped' ? asStopped(message, stream.stopping) : message;
    update(stream, published);
    this.#options.sinks.publish(published, { run, seq: frames });
  }

  #info(stream: Stream): StreamInfo {
    const { alerts, formerly, from, profiles } = this.#options;
    const { name } = stream;
    return infoOf(stream, {
      ...{ alerts: alerts?.active(name), profile: profiles?.of(name) },
      ...{ from: from?.(name), formerly: formerly?.(name) },
    });
  }

  /** Takes a stream off the list because it was removed, unless another run has its name already. */
  #drop(stream: Stream): void {
    const { name, removal } = stream;
    if (this.#streams.get(name) !== stream) return;
    this.#forget(name);
    const notice: StreamRemoved = {
      ...{ type: 'stream-removed', stream: name, time: new Date().toISOString() },
      ...(removal?.renamedTo !== undefined && { renamedTo: removal.renamedTo }),
    };
    this.#noteRemoval(notice);
    this.#options.onRemoved?.(notice);
  }

  /** Notes a stream that the server had before its restart, and has no more; false if it has it. */
  dropped(notice: StreamRemoved): boolean {
    if (this.#streams.has(notice.stream)) return false;
    this.#noteRemoval(notice);
    return true;
  }

  #noteRemoval(notice: StreamRemoved): void {
    this.#removed.set(notice.stream, notice);
    const [oldest] = this.#removed.keys();
    if (this.#removed.size > this.#options.limits.stoppedStreams) this.#removed.delete(oldest!);
  }

  #forget(name: string): void {
    this.#streams.delete(name);
    this.#options.alerts?.forget(name);
    this.#options.profiles?.forget(name);
  }

  /** Removes the oldest stopped streams from the list, beyond its limit. */
  #removeOldest(): void {
    const stopped = [...this.#streams.values()].filter((stream) => stream.state === 'stopped');
    const tooMany = stopped.length - this.#options.limits.stoppedStreams;
    for (const { name } of stopped.slice(0, Math.max(0, tooMany))) this.#forget(name);
  }
}
