export interface DeliveryQueueOptions<Item> {
  /** Capacity, including the item in delivery; further items are dropped. */
  readonly maxQueued: number;
  /**
   * Delivers one item; called again for the next item after it has resolved. Resolves with undefined when the item
   * was delivered, or with the reason why it was dropped. `signal` aborts when the queue is closed.
   */
  readonly deliver: (item: Item, signal: AbortSignal) => Promise<string | undefined>;
  readonly onDropped: (item: Item, reason: string) => void;
}

export interface DeliveryQueue<Item> {
  readonly items: readonly Item[];
  readonly delivered: number;
  readonly dropped: number;
  readonly closed: boolean;
  /** Queues an item, or drops and counts it if the queue is full. Ignored once the queue is closed. */
  push(item: Item): void;
  /** Drops and counts all queued items. */
  close(): void;
}

/** A bounded queue for slow sinks: delivers one item at a time, in order. */
export function createDeliveryQueue<Item>(options: DeliveryQueueOptions<Item>): DeliveryQueue<Item> {
  const { maxQueued, deliver, onDropped } = options;
  const items: Item[] = [];
  const abort = new AbortController();
  const { signal } = abort;
  let working = false;
  let delivered = 0;
  let dropped = 0;

  return {
    items,
    get delivered() {
      return delivered;
    },
    get dropped() {
      return dropped;
    },
    get closed() {
      return signal.aborted;
    },
    push(item) {
      if (signal.aborted) return;
      if (items.length >= maxQueued) return drop(item, `the queue is full (${maxQueued})`);
      items.push(item);
      if (!working) void work();
    },
    close() {
      if (signal.aborted) return;
      abort.abort();
      for (const item of items.splice(0)) drop(item, 'the server is shutting down');
    },
  };

  async function work(): Promise<void> {
    working = true;
    while (items.length > 0) {
      const item = items[0]!;
      const reason = await deliver(item, signal).catch(
        (error: unknown) => `there was an internal error: ${error}`,
      );
      if (signal.aborted) break; // `close` has counted what was in the queue.
      items.shift();
      if (reason === undefined) delivered++;
      else drop(item, reason);
    }
    working = false;
  }

  function drop(item: Item, reason: string): void {
    dropped++;
    onDropped(item, reason);
  }
}
