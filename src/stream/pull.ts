import { from, Observable, type ObservableInput, type Subscription } from 'rxjs';

/** Reading from async iterables so that a slow consumer slows the producer, and an abort ends the reading. */

/**
 * `concatMap` for async iterables: pulls the next item only after the observable of the item before completed.
 * Nothing is queued, so the backpressure of a slow consumer reaches the producer. RxJS's own `concatMap` over
 * `from(iterable)` has an unbounded queue.
 *
 * Unsubscribing aborts the signal and ends the iterator and the inner observable.
 *
 * @example concatPull((signal) => source.open(signal), (chunk) => stepsOf(chunk))
 */
export function concatPull<T, R>(
  open: (signal: AbortSignal) => AsyncIterable<T> | Iterable<T>,
  project: (item: T) => ObservableInput<R>,
): Observable<R> {
  return new Observable<R>((subscriber) => {
    const abort = new AbortController();
    let inner: Subscription | undefined;
    const drain = async () => {
      for await (const item of open(abort.signal)) {
        if (subscriber.closed) return;
        await new Promise<void>((resolve, reject) => {
          subscriber.add(resolve);
          inner = from(project(item)).subscribe({
            next: (value) => subscriber.next(value),
            error: reject,
            complete: resolve,
          });
          inner.add(() => subscriber.remove(resolve));
        });
        if (subscriber.closed) return;
      }
    };
    drain().then(
      () => subscriber.complete(),
      (error) => subscriber.error(error),
    );
    return () => {
      abort.abort();
      inner?.unsubscribe();
    };
  });
}

/** Yields the same items, but an abort ends the iteration at once, even while it waits for the next item. */
export async function* abortable<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  if (!signal) {
    yield* items;
    return;
  }
  const iterator = items[Symbol.asyncIterator]();
  // Ends the current read. Promise.race would keep every item that was ever read in memory until the abort.
  let endRead = () => {};
  const abort = () => endRead();
  signal.addEventListener('abort', abort, { once: true });
  let pending: Promise<IteratorResult<T>> | undefined;
  let ended = false;
  try {
    for (;;) {
      const reading = iterator.next();
      const result = await new Promise<IteratorResult<T> | 'aborted'>((resolve, reject) => {
        endRead = () => resolve('aborted');
        if (signal.aborted) endRead();
        reading.then(resolve, reject);
      });
      if (result === 'aborted') {
        pending = reading;
        return;
      }
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    if (!ended) {
      const returned = iterator.return?.()?.catch(() => {});
      // Do not wait for a read that may never settle, and ignore its error: the consumer has left.
      if (pending) pending.catch(() => {});
      else await returned;
    }
  }
}
