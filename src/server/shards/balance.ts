/** What one thread carries, for the choice of a stream that moves. */
export interface ThreadLoad<T> {
  /** Share of the last second in which it was busy. */
  readonly busy: number;
  readonly streams: readonly {
    readonly stream: T;
    /** How late its newest frame was. */
    readonly lagMs: number;
    /** It can move now. */
    readonly movable: boolean;
  }[];
}

/** A stream lags if its frames are later than half a step. */
const LAG_MS = 250;
/** A thread has room if it is busy for this much less of the time. */
const LESS_BUSY = 0.25;

/**
 * The stream that should move, and the index of the thread that takes it: the latest of those that lag, if there is a
 * thread that is clearly less busy than its own. One at a time, because it takes a second until the loads show it.
 */
export function streamToMove<T>(threads: readonly ThreadLoad<T>[]): { stream: T; to: number } | undefined {
  const to = threads.reduce((least, { busy }, i) => (busy < threads[least]!.busy ? i : least), 0);
  const lagging = threads
    .filter(({ busy }) => busy - threads[to]!.busy >= LESS_BUSY)
    .flatMap(({ streams }) => streams)
    .filter(({ lagMs, movable }) => movable && lagMs > LAG_MS)
    .toSorted((a, b) => b.lagMs - a.lagMs);
  return lagging[0] && { stream: lagging[0].stream, to };
}
