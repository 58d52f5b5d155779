import type { LiveNote } from './transport.ts';

export interface HeldMessage {
  readonly bytes: Uint8Array;
  readonly note: LiveNote;
}

/** Events that wait for one client; later ones are dropped. */
const MAX_EVENTS = 100;

/**
 * The messages that wait for a slow client: all events, and the newest frame of each stream. A newer frame takes the
 * place of the older one, so that every stream has its turn, but does not move before an event of its stream.
 */
export class HeldMessages {
  /** By stream for frames that may be replaced, otherwise by number. */
  #held = new Map<string | number, HeldMessage>();
  #events = 0;
  #numbers = 0;

  get size(): number {
    return this.#held.size;
  }

  /** Returns the number of messages that this skips: 1 for a frame that replaces another, or an event too many. */
  hold(bytes: Uint8Array, note: LiveNote): number {
    if (note.position) {
      const { stream } = note.position;
      const isNewer = this.#held.has(stream);
      this.#held.set(stream, { bytes, note });
      return Number(isNewer);
    }
    if (this.#events === MAX_EVENTS) return 1;
    this.#events++;
    const before = note.stream === undefined ? undefined : this.#held.get(note.stream);
    if (before) {
      this.#held.delete(before.note.position!.stream);
      this.#held.set(this.#numbers++, before);
    }
    this.#held.set(this.#numbers++, { bytes, note });
    return 0;
  }

  /** Returns all messages in order, and forgets them. */
  take(): Iterable<HeldMessage> {
    const held = this.#held;
    this.#held = new Map();
    this.#events = 0;
    return held.values();
  }
}
