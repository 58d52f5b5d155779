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
  let abort = () => {};
  const aborted = new Promise<'aborted'>((resolve) => {
    abort = () => resolve('aborted');
    if (signal.aborted) abort();
  });
  signal.addEventListener('abort', abort, { once: true });
  let next: Promise<IteratorResult<T>> | undefined;
  let ended = false;
  try {
    for (;;) {
      next = iterator.next();
      const result = await Promise.race([next, aborted]);
      if (result === 'aborted') return;
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
      // A read that hangs must not hold up the one who aborted; its fault, should it have one, comes too late.
      next?.catch(() => {});
      iterator.return?.()?.catch(() => {});
    }
  }
}
