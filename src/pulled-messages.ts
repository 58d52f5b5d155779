import { type TrackerOptions, track } from './tracker.ts';
import type { Source, StreamMessage } from './types.ts';

/**
 * The messages of a source through a tracker of its own, pulled: a chunk is read from the source only when all
 * messages of the one before were taken, so a slow reader slows the reading. Who stops reading ends the source.
 */
export async function* pulledMessages(
  source: Source,
  options: TrackerOptions,
): AsyncGenerator<StreamMessage, void, undefined> {
  const waiting: StreamMessage[] = [];
  const arrived = new Bell();
  const taken = new Bell();
  const pulled: Source = {
    uri: source.uri,
    async *open(signal) {
      for await (const item of source.open(signal)) {
        yield item;
        while (waiting.length > 0) await taken.rung();
      }
    },
  };
  let ended = false;
  const subscription = track(pulled, options).messages$.subscribe({
    next: (message) => {
      waiting.push(message);
      arrived.ring();
    },
    complete: () => {
      ended = true;
      arrived.ring();
    },
  });
  try {
    while (waiting.length > 0 || !ended) {
      const message = waiting.shift();
      if (message) yield message;
      else await arrived.rung();
      if (waiting.length === 0) taken.ring();
    }
  } finally {
    subscription.unsubscribe();
    waiting.length = 0; // What was not taken must not keep the source waiting for it.
    taken.ring();
  }
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
