import type { TimeRange } from './steps.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** One resolution of the log, cut into tiles of equal length, so that each part is loaded and kept once. */
export interface HistoryLevel {
  readonly resolution: 'step' | '10s' | '1m' | '10m' | '1h' | '1d';
  readonly stepSeconds: number;
  /** A multiple of the step: tiles begin at multiples of it since 1970. */
  readonly tileSeconds: number;
  /** Longest span that it is used for: at most 720 means are drawn, or 1,800 steps. More would be a solid area. */
  readonly maxSpan: number;
}

export const HISTORY_LEVELS: readonly HistoryLevel[] = [
  { resolution: 'step', stepSeconds: 0.5, tileSeconds: 5 * MINUTE, maxSpan: 15 * MINUTE },
  { resolution: '10s', stepSeconds: 10, tileSeconds: 2 * HOUR, maxSpan: 2 * HOUR },
  { resolution: '1m', stepSeconds: MINUTE, tileSeconds: 12 * HOUR, maxSpan: 12 * HOUR },
  { resolution: '10m', stepSeconds: 10 * MINUTE, tileSeconds: 5 * DAY, maxSpan: 5 * DAY },
  { resolution: '1h', stepSeconds: HOUR, tileSeconds: 30 * DAY, maxSpan: 30 * DAY },
  { resolution: '1d', stepSeconds: DAY, tileSeconds: 720 * DAY, maxSpan: Number.POSITIVE_INFINITY },
];

/** The finest level for a span of `seconds`. */
export const levelFor = (seconds: number): HistoryLevel =>
  HISTORY_LEVELS.find(({ maxSpan }) => seconds <= maxSpan)!;

/** Index of the tile that contains a time. */
const tileAt = ({ tileSeconds }: HistoryLevel, x: number): number => Math.floor(x / tileSeconds);

/** Indexes of the tiles that a range touches, oldest first. */
export function tilesIn(level: HistoryLevel, { from, to }: TimeRange): number[] {
  const first = tileAt(level, from);
  const count = Math.max(0, Math.ceil(to / level.tileSeconds) - first);
  return Array.from({ length: count }, (_, i) => first + i);
}
