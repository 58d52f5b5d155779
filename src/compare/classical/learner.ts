import type { Rows } from './rows.ts';

/** What was learned. */
export interface Learned {
  /** [n] of a regression, [n, 4] probabilities of a classification. */
  predict(rows: Rows): Float64Array;
  /** Numbers that were learned, and bytes that they take when stored. */
  readonly parameters: number;
  readonly bytes: number;
  /** Gives back what lies outside the garbage collector's reach. */
  free(): void;
}

/** Rows of songs that nothing is fitted to, for what is chosen by measuring. */
export interface Validation {
  readonly rows: Rows;
  readonly targets: Float64Array;
}

/** A classical method. Rows come standardised. */
export interface Learner {
  regress(rows: Rows, targets: Float64Array, validation: Validation): Learned;
  /** Absent: it says points alone. @param classes 0 … 3 */
  classify?(rows: Rows, classes: Uint8Array): Learned;
}
