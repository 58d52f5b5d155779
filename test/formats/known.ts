import type { Loss } from './damage.ts';
import type { Fault } from './row.ts';

/** What is wrong at present: exactly these faults are found, no others. */
export interface Known {
  /** Of the whole file. */
  readonly faults?: readonly Fault[];
  /** Of the file that was cut or damaged. */
  readonly losses?: readonly Loss['kind'][];
  /** For users: what they notice. */
  readonly why: string;
}

/** By `GROUP: ROW`. A row leaves this list together with its fault. */
export const KNOWN: Readonly<Record<string, Known>> = {};
