import type { Subscriber } from 'rxjs';
import type { Scale } from '../../profiles/profile.ts';
import type { MelListener } from '../../stream/mel-columns.ts';
import type { TrackerState } from '../../tracker.ts';
import { type Source, STEP_SECONDS, type StreamEvent, type StreamMessage } from '../../types.ts';
import { Forward } from './forward.ts';
import type { ForwardedItem } from './forwarded-item.ts';
import type { ShardError } from './protocol.ts';
import type { Shard, StreamReply } from './shard.ts';
import type { DescribedSource } from './source-spec.ts';

export interface ShardStreamOptions {
  readonly id: number;
  readonly name: string;
  readonly model: string;
  readonly source: DescribedSource;
  /** The scale of its profile now. */
  readonly scale: () => Scale | undefined;
  readonly state: TrackerState | undefined;
  readonly onInternalError: (error: unknown) => void;
}

/** A stream that fails this often within RESTART_SPAN_MS stops: it may be what ends the threads. */
const MAX_RESTARTS = 3;
const RESTART_SPAN_MS = 60_000;
/** A stream that has started or moved stays where it is for so long. */
const SETTLE_MS = 30_000;

/** The main thread's side of a stream that runs on a shard. */
export class ShardStream {
  readonly id: number;
  readonly #options: ShardStreamOptions;
  readonly #subscriber: Subscriber<StreamMessage>;
  readonly #forward: Forward | undefined;
  #shard: Shard | undefined;
  #sentScale: Scale | undefined;
  #stopping = false;
  /** Steps so far, and when the last message came. */
  #steps = 0;
  #lastMs = performance.now();
  #state: TrackerState | undefined;
  #restarts: number[] = [];
  #onMel: MelListener;
  #lagMs = 0;
  #moving = false;
  #movedMs = performance.now();
  /** Items that arrive while it moves. */
  #held: ForwardedItem[][] | undefined;
  /** Its source has ended, with an error or without. */
  #ended: { readonly error: ShardError | undefined } | undefined;

  constructor(options: ShardStreamOptions, subscriber: Subscriber<StreamMessage>) {
    this.id = options.id;
    this.#options = options;
    this.#subscriber = subscriber;
    this.#state = options.state;
    this.#emit({
      ...this.#event(`Started with the source ${options.source.uri}`),
      t: secondsOf(options.state),
      type: 'stream-started',
    });
    if (!options.source.spec) this.#forward = this.#startForward(options.source);
  }

  get name(): string {
    return this.#options.name;
  }

  /** Where it runs; undefined while it does not. */
  get shard(): Shard | undefined {
    return this.#shard;
  }

  /** Starts on a shard; after `lost`, goes on there. */
  runOn(shard: Shard): void {
    const { id, name, model, source, scale } = this.#options;
    this.#shard = shard;
    shard.hold();
    this.#sentScale = scale();
    shard.send({
      type: 'start',
      id,
      name,
      model,
      source: source.spec,
      uri: source.uri,
      scale: this.#sentScale,
      state: this.#state,
      ...(this.#steps > 0 && { firstStep: this.#steps }),
    });
    if (this.#onMel) shard.send({ type: 'tap', id, on: true });
    // What arrived while it ran nowhere. Its samples are arrays of their own.
    for (const items of this.#held?.splice(0) ?? [])
      shard.send({ type: 'items', id, items }, buffersOf(items));
    this.#held = undefined;
    if (this.#ended) shard.send({ type: 'end', id, error: this.#ended.error });
    else if (this.#stopping) this.stop();
  }

  /** How late its newest frame was, in ms. */
  get lagMs(): number {
    return this.#lagMs;
  }

  /** Whether it could go on elsewhere now: only the main thread can send its audio to another thread. */
  get movable(): boolean {
    const settled = performance.now() - this.#movedMs > SETTLE_MS;
    return this.#forward !== undefined && !this.#moving && !this.#ended && !this.#stopping && settled;
  }

  /** Goes on in another shard, with its state and the audio that is not analyzed: without a gap. */
  async moveTo(shard: Shard): Promise<void> {
    const from = this.#shard;
    if (!from || !this.#forward || this.#moving) return;
    this.#moving = true;
    try {
      const state = (await from.ask({ type: 'hold', id: this.id })) as TrackerState | undefined;
      if (this.#shard !== from || !state) return; // It has ended.
      this.#state = state;
      this.#held = [];
      const left = (await from.ask({ type: 'release', id: this.id })) as ForwardedItem[];
      if (this.#shard !== from) return;
      this.#held.unshift(left);
      this.#forward.left(this.#held.reduce((sum, items) => sum + items.length, 0));
      this.#leave();
      this.runOn(shard);
    } catch {
      // The shard has ended: the stream goes on as after any such end.
    } finally {
      this.#moving = false;
      this.#movedMs = performance.now();
      this.#lagMs = 0;
    }
  }

  /** Its shard has ended. False if it does not start again. */
  lost(): boolean {
    this.#leave();
    this.#forward?.lost();
    const now = performance.now();
    const seconds = Math.round(now - this.#lastMs) / 1000;
    this.#restarts = [...this.#restarts.filter((ms) => now - ms < RESTART_SPAN_MS), now];
    if (this.#stopping || this.#restarts.length > MAX_RESTARTS) {
      const message = this.#stopping
        ? 'The source ended.'
        : 'The thread that analyzes this stream ended again and again.';
      this.#emit({
        ...this.#event(message),
        type: 'stream-stopped',
        ...(!this.#stopping && { code: 'internal' }),
      });
      this.#end();
      return false;
    }
    const message = `The thread that analyzed this stream ended: the stream goes on in another one; ${seconds} s were missed.`;
    this.#emit({ ...this.#event(message), type: 'gap', reason: 'restart', seconds });
    return true;
  }

  receive(reply: StreamReply): void {
    switch (reply.type) {
      case 'message': {
        const { message } = reply;
        if (message.type === 'stream-started') return; // Emitted already, here and not after a thread's start.
        if (message.type === 'emotion') {
          this.#steps = message.seq + 1;
          this.#lagMs = message.latencyMs;
        }
        this.#emit(message);
        return;
      }
      case 'mel':
        this.#onMel?.(reply.columns);
        return;
      case 'taken':
        this.#forward?.taken(reply.items);
        return;
      case 'internal-error':
        this.#options.onInternalError(new Error(reply.stack));
        return;
      case 'ended':
        this.#state = reply.state;
        this.#end();
    }
  }

  /** The state after what is analyzed, at its end if it was stopped; undefined if it is not known. */
  async save(): Promise<TrackerState | undefined> {
    if (!this.#shard) return this.#state;
    const state = (await this.#shard.ask({ type: 'save', id: this.id })) as TrackerState | undefined;
    if (state) this.#state = state;
    return state;
  }

  /** Ends the source: `stream-stopped` follows. */
  stop(): void {
    this.#stopping = true;
    this.#forward?.stop();
    this.#shard?.send({ type: 'stop', id: this.id });
  }

  /** Nobody wants its messages any more. */
  drop(): void {
    this.#forward?.stop();
    this.#shard?.send({ type: 'drop', id: this.id });
    this.#leave();
  }

  tapMel(listener: MelListener): void {
    this.#onMel = listener;
    this.#shard?.send({ type: 'tap', id: this.id, on: listener !== undefined });
  }

  updateScale(): void {
    const scale = this.#options.scale();
    if (scale === this.#sentScale) return;
    this.#sentScale = scale;
    this.#shard?.send({ type: 'scale', id: this.id, scale });
  }

  #startForward(source: Source): Forward {
    return new Forward(
      source,
      {
        items: (items, transfer) => {
          if (this.#held) this.#held.push([...items]);
          else this.#shard?.send({ type: 'items', id: this.id, items }, transfer);
        },
        end: (error) => {
          this.#stopping = true;
          this.#ended = { error };
          if (!this.#held) this.#shard?.send({ type: 'end', id: this.id, error });
        },
      },
      this.#options.onInternalError,
    );
  }

  #leave(): void {
    this.#shard?.release();
    this.#shard = undefined;
  }

  #emit(message: StreamMessage): void {
    this.#lastMs = performance.now();
    this.#subscriber.next(message);
  }

  #end(): void {
    this.#leave();
    this.#forward?.stop();
    this.#subscriber.complete();
  }

  #event(message: string): Pick<StreamEvent, 'stream' | 't' | 'time' | 'message'> {
    const t = this.#steps * STEP_SECONDS;
    return { stream: this.#options.name, t, time: new Date().toISOString(), message };
  }
}

function buffersOf(items: readonly ForwardedItem[]): ArrayBuffer[] {
  const buffers = items.flatMap((item) =>
    item.type === 'audio' ? [item.samples.buffer as ArrayBuffer] : [],
  );
  return [...new Set(buffers)];
}

/** Seconds of audio in a saved state. */
function secondsOf(state: TrackerState | undefined): number {
  const extractor = state?.analyzer.extractor;
  if (!extractor) return 0;
  return extractor.stepsBefore * STEP_SECONDS + extractor.samples / extractor.format.sampleRateHz;
}
