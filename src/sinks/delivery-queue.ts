export interface DeliveryQueueOptions<Item> {
  /** Capacity, including the items in delivery; further items are dropped. */
  readonly maxQueued: number;
  /** Items are delivered together. Default: one at a time. */
  readonly batch?: BatchOptions | undefined;
  /**
   * Delivers a batch; called again for the next one after it has resolved. Resolves with undefined when the batch
   * was delivered, or with the reason why it was dropped. `signal` aborts when the queue is closed.
   */
  readonly deliver: (batch: Batch<Item>, signal: AbortSignal) => Promise<string | undefined>;
  readonly onDropped: (item: Item, reason: string) => void;
  /** Items have left the queue. */
  readonly onAdvanced?: () => void;
}

export interface BatchOptions {
  readonly maxItems: number;
  /** How long the first item may wait for others; 0: a batch is what has queued up during the last delivery. */
  readonly waitMs: number;
}

export type Batch<Item> = readonly [Item, ...Item[]];

export interface DeliveryQueue<Item> {
  readonly items: readonly Item[];
  readonly delivered: number;
  readonly dropped: number;
  readonly closed: boolean;
  /** Queues an item, or drops and counts it if the queue is full. Ignored once the queue is closed. */
  push(item: Item): void;
  /** Delivers what is queued without waiting for a full batch. */
  flush(): void;
  /** Drops and counts all queued items. */
  close(): void;
}

const ONE_BY_ONE: BatchOptions = { maxItems: 1, waitMs: 0 };

/** A bounded queue for slow sinks: delivers one item or one batch at a time, in order. */
export function createDeliveryQueue<Item>(options: DeliveryQueueOptions<Item>): DeliveryQueue<Item> {
  const { maxQueued, batch = ONE_BY_ONE, deliver, onDropped, onAdvanced } = options;
  const items: Item[] = [];
  const abort = new AbortController();
  const { signal } = abort;
  let working = false;
  let delivered = 0;
  let dropped = 0;
  let isFlushed = false;
  let endWait: (() => void) | undefined;

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
      if (items.length >= batch.maxItems) endWait?.();
      if (!working) void work();
    },
    flush() {
      isFlushed = items.length > 0;
      endWait?.();
    },
    close() {
      if (signal.aborted) return;
      abort.abort();
      endWait?.();
      for (const item of items.splice(0)) drop(item, 'the server is shutting down');
    },
  };

  async function work(): Promise<void> {
    working = true;
    while (items.length > 0) {
      if (batch.waitMs > 0 && !isFlushed && items.length < batch.maxItems) await gathered();
      if (signal.aborted) break; // `close` has counted what was in the queue.
      const taken = items.slice(0, batch.maxItems) as unknown as Batch<Item>;
      const reason = await deliver(taken, signal).catch(
        (error: unknown) => `there was an internal error: ${error}`,
      );
      if (signal.aborted) break;
      items.splice(0, taken.length);
      if (reason === undefined) delivered += taken.length;
      else for (const item of taken) drop(item, reason);
      onAdvanced?.();
    }
    isFlushed = false;
    working = false;
  }

  /** Waits until there is a whole batch, or the first item has waited long enough. */
  async function gathered(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, batch.waitMs);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    endWait = undefined;
  }

  function drop(item: Item, reason: string): void {
    dropped++;
    onDropped(item, reason);
  }
}
