import type { ReasonValues } from '../user-error.ts';

/** How a sink of a stream is; clients get it too, so this file imports types only. */
export interface StreamSinkStatus {
  readonly state: 'connecting' | 'up' | 'down';
  /** Why it is down: a code of the system (`ECONNREFUSED`), or words; null if it is not down. */
  readonly message: string | null;
  /** Why it is down, as a sentence; null if it is not down. */
  readonly reason: string | null;
  /** What `reason` states, for programs; absent: only the sentence is known, or it is not down. */
  readonly reasonCode?: string | undefined;
  readonly reasonValues?: ReasonValues | undefined;
  /** Steps that wait, that were sent, and that were not. */
  readonly queued: number;
  readonly delivered: number;
  readonly dropped: number;
  /** How often the connection was lost or could not be opened. */
  readonly failures: number;
}
