import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import { reasonOf } from '../../log/database-error.ts';
import type { Log } from '../../log/log.ts';
import type { LiveHello, PublishedMessage, ServerNotice, SessionNotice, StreamRemoved } from '../../types.ts';
import type { Limits } from '../limits.ts';
import type { Hub } from '../streams/hub.ts';
import { LiveClient } from './client.ts';
import { EventStreamTransport } from './event-stream.ts';
import { type ReplayStart, replay } from './replay.ts';
import type { LiveQuery, Since } from './schema.ts';
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
  /** Streams that are being replayed: `write` skips them, since their messages come from the log. */
  readonly replaying: Set<string>;
  /** Streams of those that were removed meanwhile: their notices follow the replay. */
  readonly removed: Map<string, StreamRemoved>;
}

const SWEEP_MS = 250;

/** `/v1/live`: sends every published message to all clients that watch its stream. */
export class Live {
  readonly #options: LiveOptions;
  readonly #watchers = new Set<Watcher>();
  /** The same by stream; under undefined: those of all streams. With thousands of clients, few watch each stream. */
  readonly #watchersOf = new Map<string | undefined, Set<Watcher>>();
  /** Open server-sent event responses, which `close` has to end; WebSockets are closed by the server. */
  readonly #eventStreams = new Set<EventStreamTransport>();
  readonly #sweeper: NodeJS.Timeout;
  /** Messages that were skipped for clients that have disconnected. */
  #skippedBefore = 0;

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
    for (const key of [stream, undefined])
      for (const { client, replaying } of this.#watchersOf.get(key) ?? [])
        if (!replaying.has(stream)) client.send(published.json, note);
  }

  /** Number of connected clients. */
  get watchers(): number {
    return this.#watchers.size;
  }

  /** Messages skipped for slow clients since the server started. */
  get skipped(): number {
    let count = this.#skippedBefore;
    for (const { client } of this.#watchers) count += client.skipped;
    return count;
  }

  /** Bytes that clients have not read yet. */
  get queuedBytes(): number {
    let bytes = 0;
    for (const { client } of this.#watchers) bytes += client.queuedBytes;
    return bytes;
  }

  /** The event handlers of one client's WebSocket. */
  socketEvents(query: LiveQuery): WSEvents<unknown> {
    let unwatch: (() => void) | undefined;
    return {
      onOpen: (_event, { raw }) => {
        unwatch = this.#watch(socketTransport(raw as WebSocket), query);
      },
      onClose: () => unwatch?.(),
      onError: () => {}, // A close event follows.
    };
  }

  /** The body of one client's server-sent events; `onClose` is called when either side has ended it. */
  eventStream(query: LiveQuery, onClose: () => void): ReadableStream<Uint8Array> {
    const { log, limits } = this.#options;
    const transport = new EventStreamTransport({
      nextRun: log.lastRun + 1,
      keepAliveMs: limits.pingMs,
      onClose: () => {
        this.#eventStreams.delete(transport);
        unwatch();
        onClose();
      },
    });
    this.#eventStreams.add(transport);
    const unwatch = this.#watch(transport, query);
    return transport.body;
  }

  /** Sends a notice to every client. */
  notify(notice: ServerNotice): void {
    for (const { client } of this.#watchers) client.sendMessage(notice);
  }

  /** Sends a notice to the clients that watch the session's stream. */
  notifySession(notice: SessionNotice): void {
    const bytes = Buffer.from(JSON.stringify(notice));
    for (const key of [notice.stream, undefined])
      for (const { client } of this.#watchersOf.get(key) ?? []) client.send(bytes, notice);
  }

  /** Sends a notice to the clients that watch the stream, after its last message. */
  notifyRemoved(notice: StreamRemoved): void {
    const { stream } = notice;
    const bytes = Buffer.from(JSON.stringify(notice));
    for (const key of [stream, undefined])
      for (const { client, replaying, removed } of this.#watchersOf.get(key) ?? []) {
        if (replaying.has(stream)) removed.set(stream, notice);
        else client.send(bytes, notice);
      }
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const transport of [...this.#eventStreams]) transport.end();
  }

  /** Sends the hello, replays what the client missed, and adds it to the clients. Returns the way to remove it. */
  #watch(transport: LiveTransport, { streams: names, since = [] }: LiveQuery): () => void {
    const { hub, log, limits, about } = this.#options;
    const client = new LiveClient(transport, limits);
    const streams = names && names.length > 0 ? new Set(names) : undefined;
    const current = hub.list().filter(({ stream }) => streams === undefined || streams.has(stream));
    const waiting = [...(streams ?? [])].filter((name) => !hub.get(name));
    const removed = hub.removed.filter(({ stream }) => streams?.has(stream) ?? true);
    client.sendMessage({
      ...{
        type: 'hello',
        protocol: 1,
        time: new Date().toISOString(),
        ...about,
        run: log.lastRun,
        streams: current,
        waiting,
      },
      ...(removed.length > 0 && { removed }),
    });

    // A client may also name streams from before a restart of the server, which have not started again.
    const named = since.flatMap(({ stream }) => stream ?? []).filter((name) => streams?.has(name) ?? true);
    const candidates = new Set([...current.map(({ stream }) => stream), ...waiting, ...named]);
    const starts = replayStarts(candidates, since);
    for (const { stream, run, last } of current)
      transport.setPosition?.({ stream, run, seq: last?.seq ?? -1 });
    for (const start of starts) transport.setPosition?.(start);

    const watcher = {
      client,
      streams,
      replaying: new Set(starts.map(({ stream }) => stream)),
      // A replay of a removed stream ends like its live messages did.
      removed: new Map(removed.map((notice) => [notice.stream, notice])),
    };
    this.#add(watcher);
    void this.#replay(watcher, starts);
    return () => this.#remove(watcher);
  }

  #add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    for (const key of watcher.streams ?? [undefined]) {
      const same = this.#watchersOf.get(key);
      if (same) same.add(watcher);
      else this.#watchersOf.set(key, new Set([watcher]));
    }
  }

  #remove(watcher: Watcher): void {
    if (!this.#watchers.delete(watcher)) return;
    this.#skippedBefore += watcher.client.skipped;
    for (const key of watcher.streams ?? [undefined]) {
      const same = this.#watchersOf.get(key);
      same?.delete(watcher);
      if (same?.size === 0) this.#watchersOf.delete(key);
    }
  }

  async #replay({ client, replaying, removed }: Watcher, starts: readonly ReplayStart[]): Promise<void> {
    const { hub, log, limits } = this.#options;
    for (const start of starts) {
      const caughtUp = () => {
        replaying.delete(start.stream);
        const notice = removed.get(start.stream);
        removed.delete(start.stream);
        // Unless the stream is there again.
        if (notice && hub.removed.includes(notice)) client.sendMessage(notice);
      };
      try {
        await replay(client, start, { log, limits, caughtUp });
      } catch (error) {
        client.sendMessage({
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

/** Where the replay of each stream starts: at its own `since`, else at the one without a name, if there is one. */
function replayStarts(streams: ReadonlySet<string>, since: readonly Since[]): ReplayStart[] {
  const general = since.find(({ stream }) => stream === undefined);
  return [...streams].flatMap((stream) => {
    const from = since.find((one) => one.stream === stream) ?? general;
    return from ? [{ ...from, stream, isNamed: from.stream !== undefined }] : [];
  });
}
