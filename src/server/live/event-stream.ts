import type { LiveNote, LiveTransport } from './transport.ts';

/** Most that is handed to the connection at once. */
const CHUNK_BYTES = 64 * 1024;
/** A browser waits this long before it reconnects. */
const RETRY_MS = 2_000;

export interface EventStreamTransportOptions {
  /** The number that the next run of any stream will have. */
  readonly nextRun: number;
  /** At least this often something is sent, so that both ends notice when the other is gone. */
  readonly keepAliveMs: number;
  readonly onClose: () => void;
}

/**
 * Server-sent events to one client. Each frame's `id` is where the client has come to in every stream it
 * has received, as `?since=` takes it; browsers send the newest back as `Last-Event-ID`. So the server keeps
 * nothing for a client that is away.
 */
export class EventStreamTransport implements LiveTransport {
  /** The body of the response. */
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: EventStreamTransportOptions;
  readonly #places = new Map<string, string>();
  readonly #keepAlive: NodeJS.Timeout;
  #queue: Uint8Array[] = [];
  #bytes = 0;
  #wanted: (() => void) | undefined;
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

  send(text: Uint8Array, { type, place }: LiveNote): void {
    if (!this.#open) return;
    if (place) this.#places.set(place.stream, `${place.stream}:${place.seq}:${place.run}`);
    // Streams that start while the client is away have later runs than all that it knows.
    const id = place ? `id: ${[...this.#places.values()].join(',')},-1:${this.#options.nextRun}\n` : '';
    // The text is shared by all clients: it is not copied.
    this.#push(Buffer.from(`event: ${type}\n${id}data: `), text, END);
  }

  know({ stream, seq, run }: { stream: string; seq: number; run: number | undefined }): void {
    this.#places.set(stream, run === undefined ? `${stream}:${seq}` : `${stream}:${seq}:${run}`);
  }

  cut(): void {
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
    this.#wanted?.();
  }

  async #pull(): Promise<void> {
    if (this.#queue.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wanted = resolve;
      });
      this.#wanted = undefined;
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
  }

  #close(): void {
    this.#open = false;
    clearInterval(this.#keepAlive);
    this.#wanted?.();
    this.#options.onClose();
  }
}

const END = Buffer.from('\n\n');
