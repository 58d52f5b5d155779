import type { LiveNote, LiveTransport } from './transport.ts';

/** Largest chunk that is passed to the connection. */
const CHUNK_BYTES = 64 * 1024;
const END = Buffer.from('\n\n');
/** Time that a browser waits before it reconnects. */
const RETRY_MS = 2_000;

export interface EventStreamTransportOptions {
  /** The number of the next run of any stream. */
  readonly nextRun: number;
  /** Interval of comments on an idle connection, so that both sides notice a broken one. */
  readonly keepAliveMs: number;
  readonly onClose: () => void;
}

/**
 * Server-sent events to one client. The `id` of each frame holds the client's position in every stream that it
 * receives, in the format of `?since=`. Browsers send the newest id back as `Last-Event-ID`, so the server stores
 * nothing for disconnected clients.
 */
export class EventStreamTransport implements LiveTransport {
  /** The body of the response. */
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: EventStreamTransportOptions;
  readonly #positions = new Map<string, string>();
  readonly #keepAlive: NodeJS.Timeout;
  #queue: Uint8Array[] = [];
  #bytes = 0;
  /** Resolves the pull that waits for data. */
  #resume: (() => void) | undefined;
  /** Called when the queue is empty. */
  #onFlushed: (() => void) | undefined;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #open = true;

  constructor(options: EventStreamTransportOptions) {
    this.#options = options;
    this.body = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#pull(),
        cancel: () => this.#close(),
      },
      { highWaterMark: 0 },
    );
    this.#push(Buffer.from(`retry: ${RETRY_MS}\n\n`));
    this.#keepAlive = setInterval(() => {
      if (this.#bytes === 0) this.#push(Buffer.from(':\n\n'));
    }, options.keepAliveMs);
    this.#keepAlive.unref();
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get bufferedBytes(): number {
    return this.#bytes;
  }

  send(text: Uint8Array, { type, stream, position }: LiveNote, onFlushed?: () => void): void {
    if (!this.#open) return;
    if (onFlushed) this.#onFlushed = onFlushed;
    if (position) this.setPosition(position);
    if (type === 'stream-removed' && stream !== undefined) this.#positions.delete(stream);
    // Streams that start while the client is disconnected have this run or a later one.
    const id = position ? `id: ${[...this.#positions.values()].join(',')},-1:${this.#options.nextRun}\n` : '';
    // All clients share the text, so it is not copied.
    this.#push(Buffer.from(`event: ${type}\n${id}data: `), text, END);
  }

  setPosition({ stream, seq, run }: { stream: string; seq: number; run: number | undefined }): void {
    this.#positions.set(stream, run === undefined ? `${stream}:${seq}` : `${stream}:${seq}:${run}`);
  }

  disconnect(): void {
    this.#queue = [];
    this.end();
  }

  end(): void {
    if (!this.#open) return;
    this.#close();
    this.#controller.close();
  }

  #push(...parts: Uint8Array[]): void {
    for (const part of parts) this.#bytes += part.length;
    this.#queue.push(...parts);
    this.#resume?.();
  }

  async #pull(): Promise<void> {
    if (this.#queue.length === 0) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
      this.#resume = undefined;
    }
    if (!this.#open) return;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    while (bytes < CHUNK_BYTES && this.#queue.length > 0) {
      const part = this.#queue.shift()!;
      bytes += part.length;
      parts.push(part);
    }
    this.#bytes -= bytes;
    this.#controller.enqueue(Buffer.concat(parts));
    if (this.#queue.length > 0) return;
    const onFlushed = this.#onFlushed;
    this.#onFlushed = undefined;
    onFlushed?.();
  }

  #close(): void {
    this.#open = false;
    clearInterval(this.#keepAlive);
    this.#resume?.();
    this.#options.onClose();
  }
}
