import type { EmotionFrame, TargetPoint } from '../../src/client/index.ts';
import type { TitleMark } from './title-mark.ts';

/** Emotions over a span of time that is over. */
export interface Curve {
  readonly startMs: number;
  readonly endMs: number;
  /** Seconds that one row covers. */
  readonly stepSeconds: number;
  /** Whether it is a recording whose time of day means nothing: times are shown since its start. */
  readonly isFile?: boolean;
  /**
   * Oldest first. Means are given as frames, without intervals and forecasts. Their times continue the clock of the
   * session's start, as if it had not been set since.
   */
  readonly rows: readonly EmotionFrame[];
  /** `Date.parse` of each row's time. */
  readonly times: Float64Array;
  /** What was played, oldest first; a title that began before is at the start. */
  readonly titles?: readonly TitleMark[];
  /** Of the session. */
  readonly target?: readonly TargetPoint[] | null;
}
