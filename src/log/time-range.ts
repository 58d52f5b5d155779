/** A span of time in ms since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

/** Every time that a Date can hold. */
export const ALL_TIME: TimeRange = { fromMs: -8.64e15, toMs: 8.64e15 };

export const contains = ({ fromMs, toMs }: TimeRange, ms: number): boolean => ms >= fromMs && ms < toMs;

/** Whether a range overlaps `span`, whose `toMs` is inclusive: the time of its last frame. */
export const overlaps = (range: TimeRange, span: TimeRange): boolean =>
  range.fromMs <= span.toMs && span.fromMs < range.toMs;
