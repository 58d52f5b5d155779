import { type Tracker, type TrackerOptions, track } from '../tracker.ts';
import type { Source, StreamMessage } from '../types.ts';

/** A tracker whose messages are pulled by their consumer. */
export interface PullTracker extends Pick<Tracker, 'save' | 'reset'> {
  /** One message at a time. Leaving the loop closes the source. */
  readonly messages: AsyncGenerator<StreamMessage, void, undefined>;
  /** Ends the messages and closes the source at once, even while a message is awaited. */
  stop(): void;
}

/**
 * Tracks a source at the pace of the consumer: the next chunk is read only after all messages of the chunk before
 * were pulled, so a slow consumer slows the source. The source is opened at the first pull.
 *
 * @throws UserError `bad-state` for a state that another version of undertone saved
 */
export function pullTracker(source: Source, options: TrackerOptions): PullTracker {
  const queue: StreamMessage[] = [];
  const arrived = createSignal();
  const taken = createSignal();
  let ended = false;
  let unsubscribe = () => {};
  const tracker = track(
    {
      uri: source.uri,
      async *open(signal, analysis) {
        for await (const item of source.open(signal, analysis)) {
          yield item;
          while (queue.length > 0) await taken.next();
          if (ended) return; // Instead of a last read, which nobody would wait for.
        }
      },
    },
    options,
  );

  function stop(): void {
    ended = true;
    queue.length = 0; // The source waits until the queue is empty.
    unsubscribe();
    arrived.emit();
    taken.emit();
  }

  async function* pull(): AsyncGenerator<StreamMessage, void, undefined> {
    if (ended) return;
    const subscription = tracker.messages$.subscribe({
      next: (message) => {
        queue.push(message);
        arrived.emit();
      },
      complete: () => {
        ended = true;
        arrived.emit();
      },
    });
    unsubscribe = () => subscription.unsubscribe();
    try {
      while (queue.length > 0 || !ended) {
        const [message] = queue;
        if (message) {
          yield message;
          queue.shift(); // Only now: until the consumer asks for more, no more is read.
        } else await arrived.next();
        if (queue.length === 0) taken.emit();
      }
    } finally {
      stop();
    }
  }

  return { messages: pull(), save: () => tracker.save(), reset: () => tracker.reset(), stop };
}

/** Only the messages, for a source that is tracked once from start to end. */
export function pullMessages(
  source: Source,
  options: TrackerOptions,
): AsyncGenerator<StreamMessage, void, undefined> {
  return pullTracker(source, options).messages;
}

/** One side waits with `next`, the other resolves that promise with `emit`. */
function createSignal() {
  let resolveNext = () => {};
  return {
    emit: () => resolveNext(),
    next: () =>
      new Promise<void>((resolve) => {
        resolveNext = resolve;
      }),
  };
}
