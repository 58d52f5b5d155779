/** The same items, but an abort ends the iteration at once, also while the next item is not there yet. */
export async function* abortable<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  if (!signal) {
    yield* items;
    return;
  }
  const iterator = items[Symbol.asyncIterator]();
  // Of the read in hand. Not Promise.race: it would hold every item that was ever read until the abort.
  let letGo = () => {};
  const abort = () => letGo();
  signal.addEventListener('abort', abort, { once: true });
  let hanging: Promise<IteratorResult<T>> | undefined;
  let ended = false;
  try {
    for (;;) {
      const reading = iterator.next();
      const result = await new Promise<IteratorResult<T> | 'aborted'>((resolve, reject) => {
        letGo = () => resolve('aborted');
        if (signal.aborted) letGo();
        reading.then(resolve, reject);
      });
      if (result === 'aborted') {
        hanging = reading;
        return;
      }
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } catch (fault) {
    ended = true;
    throw fault;
  } finally {
    signal.removeEventListener('abort', abort);
    if (!ended) {
      const returned = iterator.return?.()?.catch(() => {});
      // A read that hangs must not hold up the one who aborted; its fault, should it have one, comes too late.
      if (hanging) hanging.catch(() => {});
      else await returned;
    }
  }
}
