import { chunkSeconds } from '../../stream/chunks.ts';
import { int16ToFloat } from '../../stream/pcm.ts';
import type { Source, SourceItem } from '../../types.ts';
import type { UserError } from '../../user-error.ts';
import type { ForwardedItem } from './forwarded-item.ts';

/** A quarter of what the main thread sends ahead: a message for each item would be most of those to the main thread. */
const TAKEN_SECONDS = 0.25;

/**
 * In a shard: the source of a stream whose items the main thread sends. It is not bounded itself: the main thread sends
 * no more before it knows that the others are taken (forward.ts).
 *
 * @param onTaken called when the consumer has finished so many items, together TAKEN_SECONDS or more
 */
export function createForwardedSource(uri: string, onTaken: (items: number) => void) {
  const waiting: ForwardedItem[] = [];
  const asFloat = createFloats();
  let ended = false;
  let error: UserError | undefined;
  let wake = () => {};
  let taken = 0;
  let takenSeconds = 0;
  function take(item: ForwardedItem): void {
    taken++;
    if (item.type === 'audio') takenSeconds += chunkSeconds(item);
    if (takenSeconds < TAKEN_SECONDS) return;
    onTaken(taken);
    taken = 0;
    takenSeconds = 0;
  }

  const source: Source = {
    uri,
    async *open(signal): AsyncGenerator<SourceItem, void, undefined> {
      const stop = () => wake();
      signal.addEventListener('abort', stop, { once: true });
      try {
        while (!signal.aborted) {
          const item = waiting.shift();
          if (item) {
            yield asFloat(item);
            take(item);
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
    /** The items that wait, as they were sent; they are removed. */
    takeAll: (): ForwardedItem[] => waiting.splice(0),
    push(items: readonly ForwardedItem[]): void {
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

/**
 * Converts 16-bit samples into one array, which the next chunk refills: a stream's only consumer is its tracker, which
 * keeps no samples when it asks for the next item. A new array for each would be most of a thread's garbage.
 */
function createFloats(): (item: ForwardedItem) => SourceItem {
  let floats = new Float32Array(0);
  return (item) => {
    if (item.type !== 'audio') return item;
    const { samples } = item;
    if (samples instanceof Float32Array) return { ...item, samples };
    if (floats.length < samples.length) floats = new Float32Array(samples.length);
    int16ToFloat(samples, floats);
    return { ...item, samples: floats.subarray(0, samples.length) };
  };
}

export type ForwardedSource = ReturnType<typeof createForwardedSource>;
