import type { TimeRange } from './steps.ts';

/** What the chart shows: `span` seconds up to `until` (seconds since 1970), or up to the newest step if it is null. */
export interface TimeView {
  readonly span: number;
  readonly until: number | null;
}

/** Shortest and longest span, in seconds. */
export const MIN_SPAN = 20;
const MAX_SPAN = 800 * 86_400;

const clampSpan = (seconds: number): number => Math.min(MAX_SPAN, Math.max(MIN_SPAN, seconds));

/** The range that a view shows. */
export function rangeOf({ span, until }: TimeView, now: number): TimeRange {
  const to = until ?? now;
  return { from: to - span, to };
}

/** Moves a view by `seconds`, negative into the past. At the newest step it is live again. */
export function pan(view: TimeView, seconds: number, now: number): TimeView {
  return until(view.span, (view.until ?? now) + seconds, now);
}

/**
 * Makes the span `factor` times as long. The time `anchor` keeps its place; a live view stays live, so that its newest
 * step does.
 */
export function zoom(view: TimeView, factor: number, anchor: number, now: number): TimeView {
  const span = clampSpan(view.span * factor);
  if (view.until === null) return { span, until: null };
  return until(span, anchor + (view.until - anchor) * (span / view.span), now);
}

/** Shows `span` seconds with `middle` in their middle. */
export const center = (span: number, middle: number, now: number): TimeView =>
  until(clampSpan(span), middle + span / 2, now);

function until(span: number, to: number, now: number): TimeView {
  return { span, until: to >= now ? null : to };
}

/** Spans of the overview, in seconds: it shows at least eight times what the chart shows. */
const OVERVIEW_SPANS = [15 * 60, 3600, 6 * 3600, 86_400, 7 * 86_400, 31 * 86_400, 366 * 86_400];

/** The range of the overview. It ends now as long as it contains the view. */
export function overviewOf(view: TimeView, now: number): TimeRange {
  const span = OVERVIEW_SPANS.find((one) => one >= 8 * view.span) ?? MAX_SPAN;
  const { from, to } = rangeOf(view, now);
  if (from >= now - span) return { from: now - span, to: now };
  // In steps of a quarter, so that the strip stands still while the view moves within it.
  const quarter = span / 4;
  const end = Math.min(now, Math.ceil(to / quarter + 1) * quarter);
  return { from: end - span, to: end };
}
