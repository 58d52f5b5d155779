import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import { reasonOf } from '../../log/database-fault.ts';
import type { Log } from '../../log/log.ts';
import type { LiveHello, PublishedMessage, ServerNotice, SessionNotice } from '../../types.ts';
import type { Limits } from '../limits.ts';
import type { Hub } from '../streams/hub.ts';
import { LiveClient } from './client.ts';
import { EventStreamTransport } from './event-stream.ts';
import { replay } from './replay.ts';
import type { LiveQuery, Since } from './routes.ts';
import { type LiveTransport, noteOf, socketTransport } from './transport.ts';

export interface LiveOptions {
  readonly hub: Hub;
  readonly log: Log;
  readonly limits: Limits;
  readonly about: Pick<LiveHello, 'version' | 'model' | 'engine'>;
}

interface Watcher {
  readonly client: LiveClient;
  /** undefined: every stream. */
  readonly streams: ReadonlySet<string> | undefined;
  /** Streams that are being replayed: their messages come from the log, up to the newest, and not from `write`. */
  readonly replaying: Set<string>;
}

const SWEEP_MS = 250;

/** `/v1/live`: every published message, to all clients that watch its stream. */
export class Live {
  readonly #options: LiveOptions;
  readonly #watchers = new Set<Watcher>();
  /** Server-sent events have no socket that the server closes for them: `close` ends these. */
  readonly #transports = new Set<EventStreamTransport>();
  readonly #sweeper: NodeJS.Timeout;
  #skippedByGone = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#sweeper = setInterval(() => {
      for (const { client } of this.#watchers) client.sweep();
    }, SWEEP_MS);
    this.#sweeper.unref();
  }

  /** Sends one message to all clients that watch its stream. Never waits for a client. */
  write(published: PublishedMessage): void {
    const { message, run } = published;
    const { stream } = message;
    const note = noteOf(message, run);
    for (const { client, streams, replaying } of this.#watchers)
      if ((streams === undefined || streams.has(stream)) && !replaying.has(stream))
        client.send(published.json, note);
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Messages that slow clients did not get, since the server started. */
  get skipped(): number {
    let count = this.#skippedByGone;
    for (const { client } of this.#watchers) count += client.skipped;
    return count;
  }

  /** Bytes that clients have not read yet. */
  get queuedBytes(): number {
    let bytes = 0;
    for (const { client } of this.#watchers) bytes += client.queuedBytes;
    return bytes;
  }

  /** The handlers of one client's socket. */
  client(query: LiveQuery): WSEvents<unknown> {
    let leave: (() => void) | undefined;
    return {
      onOpen: (_event, { raw }) => {
        leave = this.watch(socketTransport(raw as WebSocket), query);
      },
      onClose: () => leave?.(),
      onError: () => {}, // A broken socket closes as well.
    };
  }

  /** The same as a stream of server-sent events; `onClose` is called once it has ended, from either side. */
  events(query: LiveQuery, onClose: () => void): ReadableStream<Uint8Array> {
    const { log, limits } = this.#options;
    const transport = new EventStreamTransport({
      nextRun: log.lastRun + 1,
      keepAliveMs: limits.pingMs,
      onClose: () => {
        this.#transports.delete(transport);
        leave();
        onClose();
      },
    });
    this.#transports.add(transport);
    const leave = this.watch(transport, query);
    return transport.body;
  }

  /** Sends the streams of the query into `transport` from now on. Returns the way to stop. */
  watch(transport: LiveTransport, { streams, since }: LiveQuery): () => void {
    const watcher: Watcher = {
      client: new LiveClient(transport, this.#options.limits),
      streams: streams && streams.length > 0 ? new Set(streams) : undefined,
      replaying: new Set(),
    };
    this.#open(watcher, transport, since ?? []);
    return () => {
      if (this.#watchers.delete(watcher)) this.#skippedByGone += watcher.client.skipped;
    };
  }

  /** To every client. */
  notice(notice: ServerNotice): void {
    for (const { client } of this.#watchers) client.notify(notice);
  }

  /** To the clients that watch the stream. */
  session(notice: SessionNotice): void {
    const bytes = Buffer.from(JSON.stringify(notice));
    for (const { client, streams } of this.#watchers)
      if (streams === undefined || streams.has(notice.stream)) client.send(bytes, notice);
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const transport of [...this.#transports]) transport.end();
  }

  #open(watcher: Watcher, transport: LiveTransport, since: readonly Since[]): void {
    const { hub, log, limits, about } = this.#options;
    const { client, streams, replaying } = watcher;
    const there = hub.list().filter(({ stream }) => streams === undefined || streams.has(stream));
    const waiting = [...(streams ?? [])].filter((name) => !hub.get(name));
    client.notify({ type: 'hello', protocol: 1, ...about, run: log.lastRun, streams: there, waiting });

    // Also streams that a client knows from before a restart of the server, and that have not started again.
    const known = since.flatMap(({ stream }) => stream ?? []).filter((name) => streams?.has(name) ?? true);
    const names = new Set([...there.map(({ stream }) => stream), ...waiting, ...known]);
    const wanted = [...names].flatMap((stream) => {
      const from =
        since.find((one) => one.stream === stream) ?? since.find((one) => one.stream === undefined);
      return from ? [{ ...from, stream, named: from.stream !== undefined }] : [];
    });
    for (const { stream, run, last } of there) transport.know?.({ stream, run, seq: last?.seq ?? -1 });
    for (const from of wanted) transport.know?.(from);
    for (const { stream } of wanted) replaying.add(stream);
    this.#watchers.add(watcher);
    void replayAll();

    async function replayAll(): Promise<void> {
      for (const from of wanted) {
        const caughtUp = () => replaying.delete(from.stream);
        try {
          await replay(client, from, { log, limits, caughtUp });
        } catch (error) {
          client.notify({
            type: 'notice',
            code: 'log-failed',
            time: new Date().toISOString(),
            message: `The log cannot be read (${reasonOf(error)}), so missed messages are not replayed; new ones follow.`,
          });
          caughtUp();
        }
      }
    }
  }
}
