import { Observable } from 'rxjs';
import type { EngineName } from '../../model/engine.ts';
import type { Scale } from '../../profiles/profile.ts';
import type { MelListener } from '../../stream/mel-columns.ts';
import type { TrackerState } from '../../tracker.ts';
import type { Source, StreamMessage } from '../../types.ts';
import { checkRemoteModel } from '../streams/trackers.ts';
import { streamToMove } from './balance.ts';
import { Shard } from './shard.ts';
import { ShardStream } from './shard-stream.ts';

export interface ShardPoolOptions {
  /** Most shards. */
  readonly workers: number;
  readonly engine: EngineName | 'auto';
  readonly onInternalError: (stream: string | undefined, error: unknown) => void;
}

export interface ShardTrackerOptions {
  readonly stream: string;
  readonly model: string;
  readonly scale: () => Scale | undefined;
  /** Ends the source when it aborts. */
  readonly stop?: AbortSignal | undefined;
  readonly state?: TrackerState | undefined;
  /** Run on the first thread, and start no other one. */
  readonly onFirst?: boolean;
}

/** Streams of a shard before another one is started: fewer share an engine's memory and batches. */
const STREAMS_BEFORE_NEXT = 8;
/** A shard that is busy for this share of the time gets no more streams while another one can be started. */
const BUSY_BEFORE_NEXT = 0.3;
/** It gets none while another one is less busy than this. */
const FULL = 0.9;

/**
 * Runs streams on threads, each of which has an engine of its own. A stream is placed on the thread with the fewest. One
 * that lags moves to a thread that is less busy, without a gap (see balance.ts). When a thread ends, its streams go on in others, with a gap; the others notice nothing.
 */
export class ShardPool {
  readonly #options: ShardPoolOptions;
  readonly #streams = new Map<number, ShardStream>();
  readonly #models = new Set<string>();
  #shards: Shard[] = [];
  #lastId = 0;
  #closed = false;

  constructor(options: ShardPoolOptions) {
    this.#options = options;
    this.#add();
  }

  /** The engine that the shards run on. @throws UserError if it cannot be loaded */
  get engine(): Shard['ready'] {
    return this.#shards[0]!.ready;
  }

  /** The running threads, for tests. */
  get shards(): readonly Shard[] {
    return this.#shards;
  }

  /** The thread that a stream runs on, for tests. */
  shardOf(name: string): Shard | undefined {
    return [...this.#streams.values()].find((stream) => stream.name === name)?.shard;
  }

  /**
   * Loads a model, so that its streams can start; each shard loads it again when it first needs it.
   *
   * @param remote requested by a client, which may name a model that is loaded or comes with the program, but no folder
   * @returns its name
   * @throws UserError `unknown-model`, `bad-model`
   */
  async load(model: string, remote = false): Promise<string> {
    if (remote) checkRemoteModel(model, this.#models);
    await this.engine;
    const name = await this.#shards[0]!.ask({ type: 'load', model });
    this.#models.add(model);
    return name as string;
  }

  /** Tracks a source on a shard from the first subscription on. */
  track(source: Source, { stream: name, model, scale, stop, state, onFirst }: ShardTrackerOptions) {
    let stream: ShardStream | undefined;
    const messages$ = new Observable<StreamMessage>((subscriber) => {
      const id = ++this.#lastId;
      const onInternalError = (error: unknown) => this.#options.onInternalError(name, error);
      stream = new ShardStream({ id, name, model, source, scale, state, onInternalError }, subscriber);
      this.#streams.set(id, stream);
      stream.runOn(onFirst ? this.#shards[0]! : this.#choose());
      const onStop = () => stream!.stop();
      if (stop?.aborted) onStop();
      stop?.addEventListener('abort', onStop, { once: true });
      return () => {
        stop?.removeEventListener('abort', onStop);
        this.#streams.delete(id);
        stream!.drop();
      };
    });
    return {
      messages$,
      save: async () => stream?.save(),
      tapMel: (listener: MelListener) => stream?.tapMel(listener),
    };
  }

  /** Sends each stream its scale, if that has changed. */
  updateScales(): void {
    for (const stream of this.#streams.values()) stream.updateScale();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#shards.map((shard) => shard.close()));
  }

  #add(): Shard {
    const shard = new Shard({
      engine: this.#options.engine,
      onReply: (reply) => this.#streams.get(reply.id)?.receive(reply),
      onBusy: () => this.#balance(),
      onExit: (ended) => this.#replace(ended),
    });
    this.#shards.push(shard);
    return shard;
  }

  /** Moves a stream on, for tests. */
  async move(name: string, to: Shard): Promise<void> {
    const stream = [...this.#streams.values()].find((each) => each.name === name);
    await stream?.moveTo(to);
  }

  #balance(): void {
    const threads = this.#shards.map((shard) => ({
      busy: shard.busy,
      streams: [...this.#streams.values()]
        .filter((stream) => stream.shard === shard)
        .map((stream) => ({ stream, lagMs: stream.lagMs, movable: stream.movable })),
    }));
    const move = streamToMove(threads);
    void move?.stream.moveTo(this.#shards[move.to]!);
  }

  #replace(ended: Shard): void {
    this.#shards = this.#shards.filter((shard) => shard !== ended);
    if (this.#closed) return;
    if (this.#shards.length === 0) this.#add();
    this.#options.onInternalError(
      undefined,
      new Error('A thread of the analysis ended; its streams go on in another.'),
    );
    for (const stream of [...this.#streams.values()].filter(({ shard }) => shard === ended))
      if (stream.lost()) stream.runOn(this.#choose());
  }

  #choose(): Shard {
    const counts = new Map<Shard, number>(this.#shards.map((shard) => [shard, 0]));
    for (const { shard } of this.#streams.values())
      if (shard) counts.set(shard, (counts.get(shard) ?? 0) + 1);
    const full = ({ busy }: Shard) => Number(busy > FULL);
    const [best] = this.#shards.toSorted((a, b) => full(a) - full(b) || counts.get(a)! - counts.get(b)!);
    const wantsNext = counts.get(best!)! >= STREAMS_BEFORE_NEXT || best!.busy > BUSY_BEFORE_NEXT;
    return wantsNext && this.#shards.length < this.#options.workers ? this.#add() : best!;
  }
}
