/** How a sink of a stream is; clients get it too, so this file imports nothing. */
export interface StreamSinkStatus {
  readonly state: 'connecting' | 'up' | 'down';
  /** Why it is down; null if it is not. */
  readonly message: string | null;
  /** Steps that wait, that were sent, and that were not. */
  readonly queued: number;
  readonly delivered: number;
  readonly dropped: number;
  /** How often the connection was lost or could not be opened. */
  readonly failures: number;
}
