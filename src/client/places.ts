import type { LiveHello, LiveMessage, StreamInfo } from '../types.ts';

interface Place {
  /** The newest frame that has come; -1: none of this run. */
  seq: number;
  /** undefined: not known for now. */
  run: number | undefined;
  /** The newest events: after a loss these may come a second time. */
  readonly events: string[];
}

const EVENTS_KEPT = 20;

export interface PlacesOptions {
  /** Where to begin, as `?since=` takes it; undefined: now. */
  readonly since?: string | undefined;
  /** Streams in which nothing may be missed; undefined: in all, also in those that begin during a loss. */
  readonly resumes?: ((stream: string) => boolean) | undefined;
}

/**
 * Where a client has come to in every stream: what to ask for after a loss, and which event has come before.
 * So every frame comes once, over lost connections and restarts of streams and of the server.
 */
export class Places {
  readonly #options: PlacesOptions;
  readonly #places = new Map<string, Place>();
  /** Runs from this number on began after the last hello; undefined before the first. */
  #nextRun: number | undefined;
  #greeted = false;

  constructor(options: PlacesOptions = {}) {
    this.#options = options;
  }

  /** For the next connection's `?since=`. */
  get since(): string | undefined {
    if (!this.#greeted) return this.#options.since;
    const { resumes } = this.#options;
    const asked = [...this.#places]
      .filter(([stream]) => resumes?.(stream) ?? true)
      .map(([stream, { seq, run }]) => (run === undefined ? `${stream}:${seq}` : `${stream}:${seq}:${run}`));
    if (resumes === undefined && this.#nextRun !== undefined) asked.push(`-1:${this.#nextRun}`);
    return asked.length === 0 ? undefined : asked.join(',');
  }

  /** Notes a message; false where it has come before. */
  take(message: LiveMessage): boolean {
    if (message.type === 'hello') this.#greet(message);
    else if (message.type === 'emotion') {
      const place = this.#place(message.stream);
      // A run whose beginning did not come.
      if (message.seq <= place.seq) place.run = undefined;
      place.seq = message.seq;
    } else if (message.type === 'skipped') {
      // A stream may have begun again among what was left out.
      for (const place of this.#places.values()) place.run = undefined;
    } else if ('stream' in message && 't' in message) return this.#event(message);
    return true;
  }

  #greet({ run, streams }: LiveHello): void {
    // Read before anything is changed: it is what this connection has asked for.
    const asked = parse(this.since);
    for (const info of streams) this.#places.set(info.stream, this.#begin(info, asked));
    this.#nextRun = run === undefined ? undefined : run + 1;
    this.#greeted = true;
  }

  /** Where the server begins with a stream, by what it was asked. */
  #begin({ stream, run, last }: StreamInfo, asked: readonly Asked[]): Place {
    const events = this.#places.get(stream)?.events ?? [];
    const newest = last?.seq ?? -1;
    const from = asked.find((one) => one.stream === stream) ?? asked.find((one) => one.stream === undefined);
    if (from === undefined) return { seq: newest, run, events };
    if (from.run !== undefined) {
      // Of a stream that was not known, runs that began during the loss: perhaps none.
      const none = from.stream === undefined && run < from.run;
      return none ? { seq: newest, run, events } : { seq: from.seq, run: from.run, events };
    }
    // Without a run: the newest one, and all of it where the number lies beyond it.
    return { seq: from.seq > newest ? -1 : from.seq, run, events };
  }

  #event(event: { stream: string; type: string; time: string; t: number; run?: number }): boolean {
    const place = this.#place(event.stream);
    const key = `${event.type} ${event.time} ${event.t}`;
    if (place.events.includes(key)) return false;
    place.events.push(key);
    if (place.events.length > EVENTS_KEPT) place.events.shift();
    if (event.type === 'stream-started') {
      place.run = event.run;
      place.seq = -1;
    }
    return true;
  }

  #place(stream: string): Place {
    let place = this.#places.get(stream);
    if (!place) {
      place = { seq: -1, run: undefined, events: [] };
      this.#places.set(stream, place);
    }
    return place;
  }
}

interface Asked {
  readonly stream: string | undefined;
  readonly seq: number;
  readonly run: number | undefined;
}

function parse(since: string | undefined): Asked[] {
  return (since ?? '').split(',').flatMap((part) => {
    // A name never begins with a dash: `-1:7` is of no stream, `1:7` of a stream named 1.
    const match = /^(?:([a-z0-9][^:]*):)?(-1|\d+)(?::(\d+))?$/.exec(part);
    if (!match) return [];
    return [
      { stream: match[1], seq: Number(match[2]), run: match[3] === undefined ? undefined : Number(match[3]) },
    ];
  });
}
