import type { Worker } from 'node:worker_threads';
import type { EngineName } from '../../model/engine.ts';
import { startEngineThread } from '../../model/engine-thread.ts';
import { UserError } from '../../user-error.ts';
import { deferred } from '../../util/deferred.ts';
import { builtModule } from '../../util/package.ts';
import { SMALL_YOUNG_GENERATION } from '../../util/young-generation.ts';
import type { ShardError, ShardReply, ShardRequest, ShardSettings } from './protocol.ts';

/** Requests that are sent without waiting for the end of the turn. */
const MOST_AT_ONCE = 32;
const WORKER = builtModule('src/server/shards/shard-worker.ts');

/** What a shard sends of its streams. */
export type StreamReply = Exclude<ShardReply, { type: 'ready' | 'failed' | 'answer' | 'busy' }>;

export interface ShardOptions extends ShardSettings {
  readonly onReply: (reply: StreamReply) => void;
  /** `busy` is measured anew, once a second. */
  readonly onBusy: () => void;
  /** The thread has ended, unless `close` was called. */
  readonly onExit: (shard: Shard) => void;
}

/** The main thread's side of one shard. */
export class Shard {
  /** The engine that it runs on. @throws UserError if that cannot be loaded */
  readonly ready: Promise<{ readonly name: EngineName; readonly description: string }>;
  /** Share of the last second in which it was busy. */
  busy = 0;
  readonly #worker: Worker;
  #outbox: ShardRequest[] = [];
  #transfer: ArrayBuffer[] = [];
  readonly #answers = new Map<number, ReturnType<typeof deferred<unknown>>>();
  #lastReply = 0;
  /** Its start, answers and streams that are awaited. Only they keep the process alive: after an error it must end. */
  #awaited = 1;
  #closed = false;

  constructor({ onReply, onBusy, onExit, engine }: ShardOptions) {
    const ready = deferred<Awaited<Shard['ready']>>();
    this.ready = ready.promise;
    this.ready.catch(() => {}); // Whoever needs it awaits it.
    this.#worker = startEngineThread(WORKER, {
      workerData: { engine } satisfies ShardSettings,
      resourceLimits: SMALL_YOUNG_GENERATION,
    });
    this.#worker.on('message', (replies: ShardReply[]) => {
      for (const reply of replies) {
        if (reply.type === 'ready' || reply.type === 'failed') {
          if (reply.type === 'ready') ready.resolve(reply.engine);
          else ready.reject(asUserError(reply.error));
          this.#await(-1);
        } else if (reply.type === 'busy') {
          this.busy = reply.share;
          onBusy();
        } else if (reply.type === 'answer') this.#answer(reply);
        else onReply(reply);
      }
    });
    this.#worker.on('error', () => {}); // `exit` follows.
    this.#worker.on('exit', () => {
      const gone = new UserError('internal', 'The thread of the analysis ended.');
      ready.reject(gone);
      for (const { reject } of this.#answers.values()) reject(gone);
      if (!this.#closed) onExit(this);
    });
  }

  /** Number of its thread, for tests and logs. */
  get threadId(): number {
    return this.#worker.threadId;
  }

  /**
   * Those of one turn of the event loop go together: with hundreds of sockets, a message to the thread for each of theirs
   * takes more of the main thread's time than receiving them.
   *
   * @param transfer memory that is handed over, at the end of the turn
   */
  send(request: ShardRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#transfer.push(...transfer);
    const waiting = this.#outbox.push(request);
    if (waiting === MOST_AT_ONCE) this.#flush();
    else if (waiting === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#outbox.length === 0) return;
    const [requests, transfer] = [this.#outbox, this.#transfer];
    this.#outbox = [];
    this.#transfer = [];
    this.#worker.postMessage(requests, transfer);
  }

  /** Sends a request that is answered. @throws UserError that of the shard, `internal` if it ends */
  ask(
    request:
      | { readonly type: 'load'; readonly model: string }
      | { readonly type: 'save' | 'hold' | 'release'; readonly id: number },
  ): Promise<unknown> {
    const reply = ++this.#lastReply;
    const answer = deferred<unknown>();
    this.#answers.set(reply, answer);
    this.#await(1);
    this.send({ ...request, reply });
    return answer.promise;
  }

  /** Ends the thread at once, as a crash would: its streams continue on others. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker.terminate();
  }

  /** A stream runs on it: the process lives until `release`. */
  hold(): void {
    this.#await(1);
  }

  release(): void {
    this.#await(-1);
  }

  #await(change: 1 | -1): void {
    this.#awaited += change;
    if (this.#awaited > 0) this.#worker.ref();
    else this.#worker.unref();
  }

  #answer({ reply, value, error }: Extract<ShardReply, { type: 'answer' }>): void {
    const answer = this.#answers.get(reply);
    this.#answers.delete(reply);
    this.#await(-1);
    if (error) answer?.reject(asUserError(error));
    else answer?.resolve(value);
  }
}

const asUserError = ({ code, message, values }: ShardError) => new UserError(code, message, { values });
