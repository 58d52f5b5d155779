import { Observable, type OperatorFunction } from 'rxjs';

/**
 * An operator that calls `add` with each value, which emits any number of values in its place.
 */
export const emitEach =
  <In, Out>(add: (value: In, emit: (value: Out) => void) => void): OperatorFunction<In, Out> =>
  (values$) =>
    new Observable((subscriber) => {
      const emit = (value: Out) => subscriber.next(value);
      return values$.subscribe({
        next: (value) => add(value, emit),
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
