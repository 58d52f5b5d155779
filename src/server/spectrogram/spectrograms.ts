import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import { MEL_COLUMNS, type MelListener, melCentersHz } from '../../stream/mel-columns.ts';
import { STEP_SECONDS } from '../../types.ts';
import type { Stream } from '../streams/hub-stream.ts';
import type { SpectrogramColumns, SpectrogramHello } from './schema.ts';

type Tapped = Pick<Stream, 'name' | 'run' | 'frames'>;

interface Watcher {
  readonly socket: Pick<WebSocket, 'send' | 'bufferedAmount' | 'readyState' | 'OPEN'>;
  dropped: number;
}

/** About 20 s of columns; a client with more unread misses the newer ones. */
const MAX_UNREAD_BYTES = 32 * 1024;

/**
 * `/v1/streams/NAME/spectrogram`: sends the mel frames of streams to the clients that watch them. A stream without such a
 * client computes nothing for it. Nothing is queued for a slow client.
 */
export class Spectrograms {
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #running = new Map<string, { stream: Tapped; tap: (listener: MelListener) => void }>();

  /** A stream runs. @param tap absent: its tracker has no mel frames */
  started(stream: Tapped & Pick<Stream, 'state'>, tap: ((listener: MelListener) => void) | undefined): void {
    if (!tap || stream.state === 'stopped') return;
    this.#running.set(stream.name, { stream, tap });
    this.#update(stream.name);
  }

  ended({ name, run }: Tapped): void {
    if (this.#running.get(name)?.stream.run === run) this.#running.delete(name);
  }

  /** The event handlers of one client's WebSocket. */
  socketEvents(name: string): WSEvents<unknown> {
    let unwatch: (() => void) | undefined;
    return {
      onOpen: (_event, { raw }) => {
        unwatch = this.watch(name, raw as WebSocket);
      },
      onClose: () => unwatch?.(),
      onError: () => {}, // A close event follows.
    };
  }

  /** Sends the hello and then the columns of each step. Returns the function that ends it. */
  watch(name: string, socket: Watcher['socket']): () => void {
    const watcher: Watcher = { socket, dropped: 0 };
    const hello: SpectrogramHello = {
      type: 'hello',
      stream: name,
      hz: melCentersHz(),
      columns: MEL_COLUMNS,
    };
    socket.send(JSON.stringify(hello));
    const same = this.#watchers.get(name) ?? new Set();
    this.#watchers.set(name, same.add(watcher));
    if (same.size === 1) this.#update(name);
    return () => {
      same.delete(watcher);
      if (same.size > 0) return;
      this.#watchers.delete(name);
      this.#update(name);
    };
  }

  /** Taps the stream if it is watched. */
  #update(name: string): void {
    const running = this.#running.get(name);
    if (!running) return;
    const { stream, tap } = running;
    tap(this.#watchers.has(name) ? (columns) => this.#send(stream, columns) : undefined);
  }

  #send({ name, run, frames: seq }: Tapped, columns: Uint8Array): void {
    const message: Omit<SpectrogramColumns, 'dropped'> = {
      type: 'mel',
      stream: name,
      run,
      seq, // The frame of this step follows, so those before it are as many as its `seq`.
      t: STEP_SECONDS * (seq + 1),
      time: new Date().toISOString(),
      data: Buffer.from(columns.buffer, columns.byteOffset, columns.byteLength).toString('base64'),
    };
    for (const watcher of this.#watchers.get(name) ?? []) {
      const { socket } = watcher;
      if (socket.readyState !== socket.OPEN) continue;
      if (socket.bufferedAmount > MAX_UNREAD_BYTES) watcher.dropped++;
      else socket.send(JSON.stringify({ ...message, dropped: watcher.dropped }));
    }
  }
}
