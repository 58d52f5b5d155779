import { type Tracker, type TrackerOptions, track } from '../tracker.ts';
import type { Source, StreamMessage } from '../types.ts';

/** A tracker whose messages are pulled. */
export interface PulledTracker extends Pick<Tracker, 'save' | 'reset'> {
  /** One message at a time. Leaving the loop ends the source. */
  readonly messages: AsyncGenerator<StreamMessage, void, undefined>;
  /** Ends the messages and the source at once, also while a message is awaited. */
  stop(): void;
}

/**
 * Tracks a source at the pace of the reader: a chunk is read from the source only when all messages of the
 * one before were taken, so a slow reader slows the reading. The source opens at the first read.
 *
 * @throws UserError `bad-state` for a state that another version saved
 */
export function pullTracker(source: Source, options: TrackerOptions): PulledTracker {
  const waiting: StreamMessage[] = [];
  const arrived = new Bell();
  const taken = new Bell();
  let ended = false;
  let unsubscribe = () => {};
  const tracker = track(
    {
      uri: source.uri,
      async *open(signal) {
        for await (const item of source.open(signal)) {
          yield item;
          while (waiting.length > 0) await taken.rung();
        }
      },
    },
    options,
  );

  function stop(): void {
    ended = true;
    waiting.length = 0; // What was not taken must not keep the source waiting for it.
    unsubscribe();
    arrived.ring();
    taken.ring();
  }

  async function* read(): AsyncGenerator<StreamMessage, void, undefined> {
    if (ended) return;
    const subscription = tracker.messages$.subscribe({
      next: (message) => {
        waiting.push(message);
        arrived.ring();
      },
      complete: () => {
        ended = true;
        arrived.ring();
      },
    });
    unsubscribe = () => subscription.unsubscribe();
    try {
      while (waiting.length > 0 || !ended) {
        const message = waiting.shift();
        if (message) yield message;
        else await arrived.rung();
        if (waiting.length === 0) taken.ring();
      }
    } finally {
      stop();
    }
  }

  return { messages: read(), save: () => tracker.save(), reset: () => tracker.reset(), stop };
}

/** The messages alone, for who needs nothing else of the tracker. */
export function pulledMessages(
  source: Source,
  options: TrackerOptions,
): AsyncGenerator<StreamMessage, void, undefined> {
  return pullTracker(source, options).messages;
}

/** Wakes the one who waits for it. */
class Bell {
  #wake = () => {};

  ring(): void {
    this.#wake();
  }

  rung(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
