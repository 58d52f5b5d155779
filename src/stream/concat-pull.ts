import { from, Observable, type ObservableInput, type Subscription } from 'rxjs';

/**
 * `concatMap` for what can be pulled: takes the next item only when the observable made from the one
 * before has completed. Nothing is ever queued, so the pressure of a slow consumer reaches the producer;
 * RxJS's own `concatMap` over `from(iterable)` would queue without bound.
 *
 * Unsubscribing aborts the signal, ends the iterator and the inner observable.
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
      (fault) => subscriber.error(fault),
    );
    return () => {
      abort.abort();
      inner?.unsubscribe();
    };
  });
}
