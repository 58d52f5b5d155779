/** A span of time in ms since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Only the frames of a run from `seq` `from` to `end`, exclusive. Absent: all frames in the span. */
  readonly seqs?: ((run: number) => SeqRange) | undefined;
}

/** Frames of a run by `seq`. */
export interface SeqRange {
  readonly from: number;
  /** Exclusive. */
  readonly end: number;
}

export const ALL_SEQS: SeqRange = { from: 0, end: Number.POSITIVE_INFINITY };

/** Every time that a Date can hold. */
export const ALL_TIME: TimeRange = { fromMs: -8.64e15, toMs: 8.64e15 };

export const contains = ({ fromMs, toMs }: TimeRange, ms: number): boolean => ms >= fromMs && ms < toMs;

/** Whether a range overlaps `span`, whose `toMs` is inclusive: the time of its last frame. */
export const overlaps = (range: TimeRange, span: TimeRange): boolean =>
  range.fromMs <= span.toMs && span.fromMs < range.toMs;
