import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import { UserError } from '../../user-error.ts';
import { streamName } from '../../util/schemas.ts';
import { CLOSE_CODES, closeWithFault, type SocketFault } from '../http/close-socket.ts';
import { explain } from '../http/problem.ts';
import type { Limits } from '../limits.ts';
import type { Hub, RunningStream } from '../streams/hub.ts';
import { type IngestHello, ingestHello, WebSocketSource } from './websocket-source.ts';

export interface IngestOptions {
  readonly hub: Hub;
  readonly limits: Limits;
}

/** `/v1/streams/:name/audio`: the handlers of one sender's socket. */
export function ingest(name: string, options: IngestOptions): WSEvents<unknown> {
  let session: IngestSession | undefined;
  return {
    onOpen: (_event, { raw }) => {
      session = new IngestSession(name, raw as WebSocket, options);
    },
    onMessage: ({ data }) => {
      if (typeof data === 'string') session?.text(data);
      else session?.binary(new Uint8Array(data as ArrayBuffer));
    },
    onClose: () => session?.closed(),
    onError: () => {}, // A broken socket closes as well.
  };
}

/** hello → ready → audio. Whatever goes wrong ends this socket and its stream, and nothing else. */
class IngestSession {
  readonly #name: string;
  readonly #socket: WebSocket;
  readonly #options: IngestOptions;
  readonly #helloTimer: NodeJS.Timeout;
  #intake: WebSocketSource | undefined;
  #over = false;

  constructor(name: string, socket: WebSocket, options: IngestOptions) {
    this.#name = name;
    this.#socket = socket;
    this.#options = options;
    explainOversize(socket, options.limits.ingestBytes, (fault) => this.#end(fault));
    const { helloMs } = options.limits;
    this.#helloTimer = setTimeout(() => {
      this.#fail('hello-timeout', `No hello came within ${helloMs / 1000} s: send {"type":"hello",…} first.`);
    }, helloMs);
    const valid = streamName.safeParse(name);
    if (!valid.success) this.#fail('bad-name', `"${name}" cannot name a stream: ${explain(valid.error)}.`);
  }

  text(text: string): void {
    if (this.#over) return;
    if (this.#intake) {
      this.#fail(
        'bad-message',
        'A text message came after the hello: from there on only binary audio is expected.',
      );
      return;
    }
    const hello = parseHello(text);
    if (typeof hello === 'string') {
      this.#fail(
        'bad-hello',
        `The hello is wrong: ${hello}. Expected {"type":"hello","format":"s16le"|"f32le","sampleRate":44100,"channels":2}.`,
      );
    } else this.#begin(hello);
  }

  binary(bytes: Uint8Array): void {
    if (this.#over) return;
    if (this.#intake) this.#intake.take(bytes);
    else {
      this.#fail(
        'bad-hello',
        'Audio came before the hello: send {"type":"hello",…} as text first, then wait for "ready".',
      );
    }
  }

  closed(): void {
    this.#end();
  }

  /** Those who watch the stream, and the log, learn of the fault as well as its sender. */
  #end(fault?: UserError): void {
    this.#over = true;
    clearTimeout(this.#helloTimer);
    this.#intake?.end(fault);
  }

  #begin(hello: IngestHello): void {
    clearTimeout(this.#helloTimer);
    const intake = new WebSocketSource(hello, this.#options.limits, {
      pause: () => this.#socket.pause(),
      resume: () => this.#socket.resume(),
      fail: (code, message) => this.#fail(code, message),
    });
    let stream: RunningStream;
    try {
      stream = this.#options.hub.add(this.#name, intake.source);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      intake.end();
      this.#fail(error.code in CLOSE_CODES ? (error.code as SocketFault) : 'going-away', error.message);
      return;
    }
    this.#intake = intake;
    this.#socket.send(JSON.stringify({ type: 'ready', stream: this.#name, run: stream.run }));
    // A stream can end before its sender does: its tracker failed, or the server stops.
    const { hub } = this.#options;
    void stream.ended.then(() => {
      if (hub.closing) this.#fail('going-away', 'The server is going down.');
      else this.#fail('internal', hub.get(this.#name)?.message ?? 'The stream has ended.');
    });
  }

  #fail(code: SocketFault, message: string): void {
    if (this.#over) return;
    this.#end(new UserError(code, message));
    closeWithFault(this.#socket, code, message);
  }
}

/** The hello, or what is wrong with it. */
function parseHello(text: string): IngestHello | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const hello = ingestHello.safeParse(value);
  return hello.success ? hello.data : explain(hello.error);
}

/**
 * ws answers an oversized message with a bare close before anyone hears of it, when it is too late to say
 * more; so the sentence is put in front of that very close.
 */
function explainOversize(socket: WebSocket, maxBytes: number, tell: (fault: UserError) => void): void {
  const close = socket.close.bind(socket);
  socket.close = (code, reason) => {
    if (code === CLOSE_CODES['message-too-big'] && socket.readyState === socket.OPEN) {
      const message = `The message is too big: send at most ${maxBytes} bytes of audio at a time.`;
      socket.send(JSON.stringify({ type: 'error', code: 'message-too-big', message }));
      tell(new UserError('message-too-big', message));
      close(code, 'message-too-big');
    } else close(code, reason);
  };
}
