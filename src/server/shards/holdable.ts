import type { Source, SourceItem } from '../../types.ts';
import { deferred } from '../../util/deferred.ts';

/** In a shard: a source that can be stopped between two items without an end, so that its stream goes on elsewhere. */
export interface Holdable {
  readonly source: Source;
  /** Resolves to true when an item is analyzed and no more follows; to false if the source ends, or `stop`, before. */
  hold(): Promise<boolean>;
}

/** Wrap it last: what the given source keeps between two items, such as a count of skipped samples, has to be delivered. */
export function holdable(source: Source, stop: AbortSignal): Holdable {
  const held = deferred<boolean>();
  stop.addEventListener('abort', () => held.resolve(false), { once: true });
  let holding = false;
  return {
    source: {
      ...source,
      async *open(signal, analysis): AsyncGenerator<SourceItem, void, undefined> {
        try {
          for await (const item of source.open(signal, analysis)) {
            yield item;
            if (!holding) continue;
            held.resolve(true);
            if (!signal.aborted)
              await new Promise<void>((resolve) => {
                signal.addEventListener('abort', () => resolve(), { once: true });
              });
            return;
          }
        } finally {
          held.resolve(false);
        }
      },
    },
    hold() {
      holding = true;
      return held.promise;
    },
  };
}
