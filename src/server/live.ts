import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import type { LiveHello, ServerNotice, SessionNotice } from '../types.ts';
import { EventOutlet } from './event-outlet.ts';
import type { Hub } from './hub.ts';
import type { Limits } from './limits.ts';
import { LiveClient } from './live-client.ts';
import { type LiveOutlet, noteOf, socketOutlet } from './live-outlet.ts';
import { reasonOf } from './log/database-fault.ts';
import type { Log } from './log/log.ts';
import { replay } from './replay.ts';
import type { LiveQuery, Since } from './schemas/live-query.ts';

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
  /** Streams whose messages come from the log for now; the log has the newest as well. */
  readonly replaying: Set<string>;
}

const SWEEP_MS = 250;

/** `/v1/live`: what the hub publishes, to all who watch. */
export class Live {
  readonly #options: LiveOptions;
  readonly #watchers = new Set<Watcher>();
  /** Connections that nobody else would end. */
  readonly #outlets = new Set<EventOutlet>();
  readonly #stop: () => void;
  #skippedByGone = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
    const unlisten = options.hub.listen((published) => {
      const { stream } = published.message;
      const note = noteOf(published.message, published.run);
      for (const { client, streams, replaying } of this.#watchers) {
        if ((streams === undefined || streams.has(stream)) && !replaying.has(stream))
          client.send(published.bytes, note);
      }
    });
    const sweeper = setInterval(() => {
      for (const { client } of this.#watchers) client.sweep();
    }, SWEEP_MS);
    sweeper.unref();
    this.#stop = () => {
      unlisten();
      clearInterval(sweeper);
    };
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Messages that slow clients did not get, ever. */
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
        leave = this.watch(socketOutlet(raw as WebSocket), query);
      },
      onClose: () => leave?.(),
      onError: () => {}, // A broken socket closes as well.
    };
  }

  /** The same as a stream of server-sent events; `onClose` is called once it has ended, by whoever. */
  events(query: LiveQuery, onClose: () => void): ReadableStream<Uint8Array> {
    const { log, limits } = this.#options;
    const outlet = new EventOutlet({
      nextRun: log.lastRun + 1,
      keepAliveMs: limits.pingMs,
      onClose: () => {
        this.#outlets.delete(outlet);
        leave();
        onClose();
      },
    });
    this.#outlets.add(outlet);
    const leave = this.watch(outlet, query);
    return outlet.body;
  }

  /** Sends what is asked for into `outlet`, from now on. Returns the way to stop. */
  watch(outlet: LiveOutlet, { streams, since }: LiveQuery): () => void {
    const watcher: Watcher = {
      client: new LiveClient(outlet, this.#options.limits),
      streams: streams && streams.length > 0 ? new Set(streams) : undefined,
      replaying: new Set(),
    };
    this.#open(watcher, outlet, since ?? []);
    return () => {
      if (this.#watchers.delete(watcher)) this.#skippedByGone += watcher.client.skipped;
    };
  }

  notice(notice: ServerNotice): void {
    for (const { client } of this.#watchers) client.tell(notice);
  }

  /** To those who watch the stream. */
  session(notice: SessionNotice): void {
    const bytes = Buffer.from(JSON.stringify(notice));
    for (const { client, streams } of this.#watchers)
      if (streams === undefined || streams.has(notice.stream)) client.send(bytes, notice);
  }

  close(): void {
    this.#stop();
    for (const outlet of [...this.#outlets]) outlet.end();
  }

  #open(watcher: Watcher, outlet: LiveOutlet, since: readonly Since[]): void {
    const { hub, log, limits, about } = this.#options;
    const { client, streams, replaying } = watcher;
    const there = hub.list().filter(({ stream }) => streams === undefined || streams.has(stream));
    const waiting = [...(streams ?? [])].filter((name) => !hub.get(name));
    client.tell({ type: 'hello', protocol: 1, ...about, run: log.lastRun, streams: there, waiting });

    // Also what a client knew from a server that was restarted since, and that has not begun again.
    const known = since.flatMap(({ stream }) => stream ?? []).filter((name) => streams?.has(name) ?? true);
    const names = new Set([...there.map(({ stream }) => stream), ...waiting, ...known]);
    const wanted = [...names].flatMap((stream) => {
      const from =
        since.find((one) => one.stream === stream) ?? since.find((one) => one.stream === undefined);
      return from ? [{ ...from, stream, named: from.stream !== undefined }] : [];
    });
    for (const { stream, run, last } of there) outlet.know?.({ stream, run, seq: last?.seq ?? -1 });
    for (const from of wanted) outlet.know?.(from);
    for (const { stream } of wanted) replaying.add(stream);
    this.#watchers.add(watcher);
    void replayAll();

    async function replayAll(): Promise<void> {
      for (const from of wanted) {
        const caughtUp = () => replaying.delete(from.stream);
        try {
          await replay(client, from, { log, limits, caughtUp });
        } catch (error) {
          client.tell({
            type: 'notice',
            code: 'log-failed',
            time: new Date().toISOString(),
            message: `What was missed cannot be read from the log (${reasonOf(error)}): here is what comes now.`,
          });
          caughtUp();
        }
      }
    }
  }
}
