import type { LiveHello, LiveMessage, StreamInfo } from '../types.ts';

interface Position {
  /** The newest frame received; -1: none of this run. */
  seq: number;
  /** undefined: currently unknown. */
  run: number | undefined;
  /** The newest events; the server may send these again after a reconnection. */
  readonly events: string[];
}

const EVENTS_KEPT = 20;

export interface PositionsOptions {
  /** Where to start, as in `?since=`; undefined: now. */
  readonly since?: string | undefined;
  /** Whether to request missed frames of this stream; undefined: of all, also those that start while disconnected. */
  readonly resumes?: ((stream: string) => boolean) | undefined;
}

/**
 * The position of a client in every stream: what to request on reconnecting, and which events are duplicates. With
 * it every frame arrives once, across lost connections and restarts of streams and of the server.
 */
export class Positions {
  readonly #options: PositionsOptions;
  readonly #positions = new Map<string, Position>();
  /** Runs with this number or a greater one started after the last hello; undefined before the first. */
  #nextRun: number | undefined;
  #connected = false;

  constructor(options: PositionsOptions = {}) {
    this.#options = options;
  }

  /** The `?since=` of the next connection. */
  get since(): string | undefined {
    if (!this.#connected) return this.#options.since;
    const { resumes } = this.#options;
    const requested = [...this.#positions]
      .filter(([stream]) => resumes?.(stream) ?? true)
      .map(([stream, { seq, run }]) => (run === undefined ? `${stream}:${seq}` : `${stream}:${seq}:${run}`));
    if (resumes === undefined && this.#nextRun !== undefined) requested.push(`-1:${this.#nextRun}`);
    return requested.length === 0 ? undefined : requested.join(',');
  }

  /** Records a message; false for a duplicate. */
  receive(message: LiveMessage): boolean {
    if (message.type === 'hello') this.#receiveHello(message);
    else if (message.type === 'emotion') {
      const position = this.#position(message.stream);
      // A new run whose start was not received.
      if (message.seq <= position.seq) position.run = undefined;
      position.seq = message.seq;
    } else if (message.type === 'skipped') {
      // A stream may have restarted within the skipped messages.
      for (const position of this.#positions.values()) position.run = undefined;
    } else if (message.type === 'stream-removed') this.#positions.delete(message.stream);
    else if ('stream' in message && 't' in message) return this.#receiveEvent(message);
    return true;
  }

  #receiveHello({ run, streams, removed = [] }: LiveHello): void {
    // Read before any change: it is what this connection requested.
    const requested = parseSince(this.since);
    // What is left of one that was requested follows, then the notice of its removal.
    for (const { stream } of removed)
      if (!requested.some((one) => one.stream === stream)) this.#positions.delete(stream);
    for (const info of streams) this.#positions.set(info.stream, this.#startOf(info, requested));
    this.#nextRun = run === undefined ? undefined : run + 1;
    this.#connected = true;
  }

  /** Where the server starts with a stream, given what was requested. */
  #startOf({ stream, run, last }: StreamInfo, requested: readonly Requested[]): Position {
    const events = this.#positions.get(stream)?.events ?? [];
    const newest = last?.seq ?? -1;
    const from =
      requested.find((one) => one.stream === stream) ?? requested.find((one) => one.stream === undefined);
    if (from === undefined) return { seq: newest, run, events };
    if (from.run !== undefined) {
      // An unknown stream: the runs that started while disconnected, if any.
      const none = from.stream === undefined && run < from.run;
      return none ? { seq: newest, run, events } : { seq: from.seq, run: from.run, events };
    }
    // Without a run: the newest one; all of it if `seq` is beyond its newest frame.
    return { seq: from.seq > newest ? -1 : from.seq, run, events };
  }

  #receiveEvent(event: { stream: string; type: string; time: string; t: number; run?: number }): boolean {
    const position = this.#position(event.stream);
    const key = `${event.type} ${event.time} ${event.t}`;
    if (position.events.includes(key)) return false;
    position.events.push(key);
    if (position.events.length > EVENTS_KEPT) position.events.shift();
    if (event.type === 'stream-started') {
      position.run = event.run;
      position.seq = -1;
    }
    return true;
  }

  #position(stream: string): Position {
    let position = this.#positions.get(stream);
    if (!position) {
      position = { seq: -1, run: undefined, events: [] };
      this.#positions.set(stream, position);
    }
    return position;
  }
}

interface Requested {
  readonly stream: string | undefined;
  readonly seq: number;
  readonly run: number | undefined;
}

function parseSince(since: string | undefined): Requested[] {
  return (since ?? '').split(',').flatMap((part) => {
    // Names never start with a dash: `-1:7` is for all streams, `1:7` for a stream named 1.
    const match = /^(?:([a-z0-9][^:]*):)?(-1|\d+)(?::(\d+))?$/.exec(part);
    if (!match) return [];
    return [
      { stream: match[1], seq: Number(match[2]), run: match[3] === undefined ? undefined : Number(match[3]) },
    ];
  });
}
