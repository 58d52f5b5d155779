export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

export const ALL_TIME: TimeRange = { fromMs: -8.64e15, toMs: 8.64e15 };
