import type { Source, SourceItem } from '../../types.ts';
import type { UserError } from '../../user-error.ts';

/**
 * In a shard: the source of a stream whose items the main thread sends. It is not bounded itself: the main thread sends
 * no more than it is told are taken (forward.ts).
 *
 * @param onTaken called when the consumer has finished an item
 */
export function createForwardedSource(uri: string, onTaken: () => void) {
  const waiting: SourceItem[] = [];
  let ended = false;
  let error: UserError | undefined;
  let wake = () => {};

  const source: Source = {
    uri,
    async *open(signal): AsyncGenerator<SourceItem, void, undefined> {
      const stop = () => wake();
      signal.addEventListener('abort', stop, { once: true });
      try {
        while (!signal.aborted) {
          const item = waiting.shift();
          if (item) {
            yield item;
            onTaken();
          } else if (ended) {
            if (error) throw error;
            return;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };

  return {
    source,
    /** The items that wait; they are removed. */
    takeAll: (): SourceItem[] => waiting.splice(0),
    push(items: readonly SourceItem[]): void {
      waiting.push(...items);
      wake();
    },
    end(reason?: UserError): void {
      ended = true;
      error = reason;
      wake();
    },
  };
}

export type ForwardedSource = ReturnType<typeof createForwardedSource>;
