import type { Observable, Subscription } from 'rxjs';
import type { Log } from '../../log/log.ts';
import type { Alerts } from '../../sinks/alerts/alerts.ts';
import type { FanOut } from '../../sinks/fan-out.ts';
import type { MelListener } from '../../stream/mel-columns.ts';
import type { TrackerState } from '../../tracker.ts';
import type { Source, StreamInfo, StreamMessage } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { deferred } from '../../util/deferred.ts';
import { withoutSecrets } from '../../util/without-secrets.ts';
import type { Limits } from '../limits.ts';
import type { StreamProfiles } from '../profiles/stream-profiles.ts';
import { countFromZero } from '../restart/count-from-zero.ts';
import type { Continued, SavableStream, WarmRestart } from '../restart/warm-restart.ts';
import type { Spectrograms } from '../spectrogram/spectrograms.ts';
import { CHECK_MS, type ClockChanges } from './clock-changes.ts';
import {
  failureOf,
  gapOf,
  newStream,
  SHUTDOWN,
  type Stream,
  savable,
  stoppable,
  stopStream,
  update,
} from './hub-stream.ts';
import { checkRoom } from './room.ts';

/**
 * Tracks a source: `track` of tracker.ts with a bound stepper, a shard, or a fake. `stop` ends the source, for trackers
 * that open it in another thread. The stream continues from `state`, if there is one.
 */
export type StartTracker = (
  source: Source,
  stream: string,
  stop?: AbortSignal,
  state?: TrackerState,
) => {
  readonly messages$: Observable<StreamMessage>;
  /** Its state now, or at its end if it has ended; undefined if it is not known. Absent: it cannot be saved. */
  readonly save?: () => Promise<TrackerState | undefined>;
  /** Sends the mel frames of each step, before its message. Absent: it has none. */
  readonly tapMel?: (listener: MelListener) => void;
};

/** The tracker of one stream. */
interface StreamTracker {
  readonly startTracker: StartTracker;
  /** Name of its model, for the log. */
  readonly model: string;
  /** Seconds of CPU time that it takes per second of audio (capacity.ts). */
  readonly cost: number;
  /** Of its model's folder (model/fingerprint.ts): a state is of no use to another. */
  readonly fingerprint: string;
}

/** Default: the tracker of the hub. */
export type AddOptions = Partial<StreamTracker>;

export interface HubOptions {
  readonly startTracker: StartTracker;
  /** Numbers the runs. */
  readonly log: Pick<Log, 'startRun'>;
  /** Receive every message of every stream. */
  readonly sinks: Pick<FanOut, 'publish'>;
  readonly model: string;
  readonly limits: Limits;
  /** The cost of a stream of `startTracker`. Default: 0. */
  readonly cost?: number | undefined;
  /** Cores that the streams may use. Default: any number, so that `limits.streams` alone counts. */
  readonly cores?: number | undefined;
  /** Of the model of `startTracker`. */
  readonly fingerprint?: string | undefined;
  /** States from before a restart of the program. Default: every stream starts anew. */
  readonly restart?: Pick<WarmRestart, 'take'>;
  /** Send mel frames to the clients that watch them. */
  readonly spectrograms?: Pick<Spectrograms, 'started' | 'ended'>;
  /** Active alerts, for the list of streams. */
  readonly alerts?: Pick<Alerts, 'active' | 'forget'>;
  /** Profiles in use, for the list of streams. */
  readonly profiles?: Pick<StreamProfiles, 'of' | 'planned' | 'forget'>;
  /** Notices that the clock was set. */
  readonly clock?: Pick<ClockChanges, 'check'>;
}

/** A running stream. */
export interface RunningStream {
  readonly run: number;
  stop(): void;
  /** Resolves when `stream-stopped` is published. */
  readonly ended: Promise<void>;
}

/**
 * Runs the streams and holds their state, by name. Each stream has one tracker with one subscription, whose messages
 * are published to all sinks: one inference per step, however many clients and sinks there are.
 */
export class Hub {
  readonly #options: HubOptions;
  readonly #streams = new Map<string, Stream>();
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
  add(name: string, source: Source, options: AddOptions = {}): RunningStream {
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
    return { run: stream.run, ended: stream.ended, stop: () => stream.abort.abort() };
  }

  get closing(): boolean {
    return this.#closing;
  }

  isRunning(name: string): boolean {
    const stream = this.#streams.get(name);
    return stream !== undefined && stream.state !== 'stopped';
  }

  /** Whether the stream stopped on an error. */
  failed(name: string): boolean {
    return this.#streams.get(name)?.failed ?? false;
  }

  /** Stops a stream; resolves when it has ended. False if the stream is not running. */
  async stop(name: string): Promise<boolean> {
    const stream = this.#streams.get(name);
    if (!stream || stream.state === 'stopped') return false;
    stopStream(stream, 'The stream was stopped on request.');
    await stream.ended;
    return true;
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
    for (const stream of this.#streams.values()) stopStream(stream, SHUTDOWN);
    await Promise.all([...this.#streams.values()].map(({ ended }) => ended));
  }

  #start(name: string, source: Source, { startTracker, model, cost, fingerprint }: StreamTracker): Stream {
    const { log } = this.#options;
    const startedMs = Date.now();
    const sourceName = withoutSecrets(source.uri);
    const abort = new AbortController();
    const { promise: ended, resolve } = deferred<void>();
    const run = log.startRun(name, sourceName, model, startedMs);
    const startedAt = new Date(startedMs).toISOString();
    const stream = newStream({ name, run, source: sourceName, startedAt, abort, ended, cost, fingerprint });
    const finish = () => {
      stream.state = 'stopped';
      this.#options.spectrograms?.ended(stream);
      subscription?.unsubscribe();
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
        const tracker = startTracker(stoppable(source, abort.signal), name, abort.signal, continued?.state);
        stream.save = tracker.save;
        const renumber = continued ? countFromZero() : (message: StreamMessage) => message;
        subscription = tracker.messages$.subscribe({
          next: (message) => {
            this.#publish(stream, renumber(message));
            if (continued && message.type === 'stream-started') this.#publish(stream, gapOf(name, continued));
          },
          error: fail,
          complete: finish,
        });
        this.#options.spectrograms?.started(stream, tracker.tapMel);
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
    const { run, frames, stoppedBecause } = stream;
    // The tracker sees an ordinary end of its source.
    const isOurStop = stoppedBecause !== null && message.type === 'stream-stopped' && !message.code;
    const published = isOurStop ? { ...message, message: stoppedBecause } : message;
    update(stream, published);
    this.#options.sinks.publish(published, { run, seq: frames });
  }

  #info({ name, source, state, run, startedAt, message, code, last }: Stream): StreamInfo {
    const active = this.#options.alerts?.active(name) ?? [];
    const alerts = active.length > 0 ? { alerts: active } : {};
    const lag = last && state === 'running' ? { lagSeconds: Math.round(last.latencyMs) / 1000 } : {};
    const profile = this.#options.profiles?.of(name);
    const chosen = profile === undefined ? {} : { profile };
    const why = { message, ...(code !== undefined && { code }) };
    return { stream: name, source, state, run, startedAt, ...why, last, ...lag, ...alerts, ...chosen };
  }

  /** Removes the oldest stopped streams from the list, beyond its limit. */
  #removeOldest(): void {
    const stopped = [...this.#streams.values()].filter((stream) => stream.state === 'stopped');
    const tooMany = stopped.length - this.#options.limits.stoppedStreams;
    for (const { name } of stopped.slice(0, Math.max(0, tooMany))) {
      this.#streams.delete(name);
      this.#options.alerts?.forget(name);
      this.#options.profiles?.forget(name);
    }
  }
}
