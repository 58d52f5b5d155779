import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import { type ReasonValues, UserError } from '../../user-error.ts';
import { streamName } from '../../util/schemas.ts';
import { CLOSE_CODES, closeWithError, type SocketErrorCode } from '../http/close-socket.ts';
import { explain } from '../http/problem.ts';
import type { Limits } from '../limits.ts';
import type { Hub } from '../streams/hub.ts';
import type { RunningStream } from '../streams/hub-options.ts';
import { type IngestHello, parseHello } from './schema.ts';
import { WebSocketSource } from './websocket-source.ts';

export interface IngestOptions {
  readonly hub: Hub;
  readonly limits: Limits;
}

/** `/v1/streams/:name/audio`: the event handlers of one sender's socket. */
export function ingest(name: string, options: IngestOptions): WSEvents<unknown> {
  let connection: IngestConnection | undefined;
  return {
    onOpen: (_event, { raw }) => {
      connection = new IngestConnection(name, raw as WebSocket, options);
    },
    onMessage: ({ data }) => {
      if (typeof data === 'string') connection?.receiveText(data);
      else connection?.receiveAudio(new Uint8Array(data as ArrayBuffer));
    },
    onClose: () => connection?.end(),
    onError: () => {}, // A close event follows.
  };
}

/** One sender: hello → ready → audio. An error ends this socket and its stream, and nothing else. */
class IngestConnection {
  readonly #name: string;
  readonly #socket: WebSocket;
  readonly #options: IngestOptions;
  readonly #helloTimer: NodeJS.Timeout;
  /** Receives the audio; undefined before the hello. */
  #source: WebSocketSource | undefined;
  #ended = false;

  constructor(name: string, socket: WebSocket, options: IngestOptions) {
    this.#name = name;
    this.#socket = socket;
    socket.binaryType = 'arraybuffer'; // Otherwise each message is copied into one.
    this.#options = options;
    explainOversize(socket, options.limits.ingestBytes, (error) => this.end(error));
    const { helloMs } = options.limits;
    this.#helloTimer = setTimeout(() => {
      this.#fail(
        'hello-timeout',
        `No hello arrived within ${helloMs / 1000} s: send {"type":"hello",…} first.`,
      );
    }, helloMs);
    const valid = streamName.safeParse(name);
    if (!valid.success) this.#fail('bad-name', `"${name}" is not a stream name: ${explain(valid.error)}.`);
  }

  receiveText(text: string): void {
    if (this.#ended) return;
    if (this.#source) {
      this.#fail('bad-message', 'A text message arrived after the hello: send only binary audio after it.');
      return;
    }
    const hello = parseHello(text);
    if (typeof hello === 'string') {
      this.#fail(
        'bad-hello',
        `The hello is invalid: ${hello}. Expected {"type":"hello","format":"s16le"|"f32le","sampleRate":44100,"channels":2}.`,
      );
    } else this.#start(hello);
  }

  receiveAudio(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#source) this.#source.push(bytes);
    else {
      this.#fail(
        'bad-hello',
        'Audio arrived before the hello: send {"type":"hello",…} as text first, then wait for "ready".',
      );
    }
  }

  /** Ends the stream; with an error, its watchers and the log receive it too. */
  end(error?: UserError): void {
    this.#ended = true;
    clearTimeout(this.#helloTimer);
    this.#source?.end(error);
  }

  #start(hello: IngestHello): void {
    clearTimeout(this.#helloTimer);
    const source = new WebSocketSource(hello, this.#options.limits, {
      pause: () => this.#socket.pause(),
      resume: () => this.#socket.resume(),
      fail: (code, message, values) => this.#fail(code, message, values),
    });
    let stream: RunningStream;
    try {
      stream = this.#options.hub.add(this.#name, source.source);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      source.end();
      this.#fail(error.code in CLOSE_CODES ? (error.code as SocketErrorCode) : 'going-away', error.message);
      return;
    }
    this.#source = source;
    this.#socket.send(JSON.stringify({ type: 'ready', stream: this.#name, run: stream.run }));
    // The stream can end before the sender does: its tracker failed, or the server stops.
    const { hub } = this.#options;
    void stream.ended.then(() => {
      if (hub.closing) this.#fail('going-away', 'The server is shutting down.');
      else this.#fail('internal', stream.message ?? 'The stream has ended.');
    });
  }

  #fail(code: SocketErrorCode, message: string, values?: ReasonValues): void {
    if (this.#ended) return;
    this.end(new UserError(code, message, { values }));
    closeWithError(this.#socket, code, message);
  }
}

/**
 * Sends an error before ws closes the socket for a message that is too big. ws emits no event at which that could
 * be done, so this wraps the socket's `close`.
 */
function explainOversize(socket: WebSocket, maxBytes: number, onError: (error: UserError) => void): void {
  const close = socket.close.bind(socket);
  socket.close = (code, reason) => {
    if (code === CLOSE_CODES['message-too-big'] && socket.readyState === socket.OPEN) {
      const message = `The message is too big: send at most ${maxBytes} bytes of audio at a time.`;
      socket.send(JSON.stringify({ type: 'error', code: 'message-too-big', message }));
      onError(new UserError('message-too-big', message));
      close(code, 'message-too-big');
    } else close(code, reason);
  };
}
