/** Items that are held of those whose turn has not come: about 200 MB of frames. Whoever has more waits. */
const MAX_HELD = 100_000;

/** Passes on what several writers write at the same time, one writer after the other. */
export interface InOrder<T> {
  /** Resolves when this writer may write more. */
  write(writer: number, items: readonly T[]): Promise<void>;
  /** Resolves at once; `atEnd` is called after the writer's last item. */
  end(writer: number, atEnd: () => Promise<void>): Promise<void>;
}

/**
 * @param writers 0 … writers − 1, in the order in which they are passed on
 * @param pass receives the items of one writer after those of the one before
 */
export function createInOrder<T>(
  writers: number,
  pass: (writer: number, items: readonly T[]) => Promise<void>,
  maxHeld: number = MAX_HELD,
): InOrder<T> {
  const held = new Map<number, { items: T[]; atEnd: (() => Promise<void>) | undefined; wake: () => void }>();
  let turn = 0;
  let count = 0;

  const of = (writer: number) => {
    const known = held.get(writer) ?? { items: [], atEnd: undefined, wake() {} };
    held.set(writer, known);
    return known;
  };

  /** Passes on what is held of the writer whose turn it is, and of those after it if it has ended. */
  async function advance(): Promise<void> {
    while (turn < writers) {
      const current = of(turn);
      const items = current.items.splice(0);
      count -= items.length;
      if (items.length > 0) await pass(turn, items);
      current.wake();
      if (current.items.length > 0) continue; // Written meanwhile.
      if (!current.atEnd) return;
      await current.atEnd();
      held.delete(turn++);
    }
  }

  let advancing: Promise<void> = Promise.resolve();
  const next = () => (advancing = advancing.then(advance));

  return {
    async write(writer, items) {
      const own = of(writer);
      own.items.push(...items);
      count += items.length;
      if (writer === turn) await next();
      else if (count > maxHeld) await new Promise<void>((resolve) => (own.wake = resolve));
    },
    async end(writer, atEnd) {
      of(writer).atEnd = atEnd;
      if (writer === turn) await next();
    },
  };
}
