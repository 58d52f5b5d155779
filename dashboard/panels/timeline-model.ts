import { limitFor } from '../draw/limit.ts';
import { ribbonSpans } from '../draw/ribbon.ts';
import { FORECAST_SECONDS, type TimelineModel } from '../draw/timeline.ts';
import { clampColumns, fillColumns, reachOf } from '../draw/timeline-columns.ts';
import { levelFor } from '../state/history-level.ts';
import { nowOf, type Scene, wholeShown } from '../state/scene.ts';
import type { Part, TimeRange } from '../state/steps.ts';
import { targetReach } from '../state/target.ts';
import { rangeOf } from '../state/time-range.ts';
import { joinParts } from '../state/view-parts.ts';

/** The times that a scene's chart shows. */
export const shownRange = (scene: Scene): TimeRange =>
  wholeShown(scene)?.range ??
  rangeOf({ span: scene.windowSeconds.peek(), until: scene.past?.until.peek() ?? null }, nowOf(scene));

/** What is known of a range: the steps of the page, and before them the log, as fine as the range allows. */
export function partsOf(scene: Scene, range: TimeRange): Part[] {
  const whole = wholeShown(scene);
  if (whole !== null) return joinParts([], whole.steps, range, 0);
  const { history, past } = scene;
  const ring = history.peek()?.ring ?? null;
  const stream = past?.stream.peek();
  if (past === null || stream == null) return joinParts([], ring, range, 0);
  const level = levelFor(range.to - range.from);
  return joinParts(past.history.parts(stream, level, range), ring, range, level.stepSeconds);
}

/** Brings what is drawn up to date, and requests what is missing of it. */
export function fillModel(model: TimelineModel, scene: Scene): void {
  const { history, past, current, hasForecast } = scene;
  const ring = history.peek()?.ring;
  const isWhole = wholeShown(scene) !== null;
  const isLive = !isWhole && (past === null || past.until.peek() === null);
  const range = shownRange(scene);
  model.range = range;
  model.nowX = nowOf(scene);
  model.ahead = isLive && hasForecast ? FORECAST_SECONDS : 0;
  const stream = past?.stream.peek();
  if (past !== null && stream != null) {
    const level = levelFor(range.to - range.from);
    const ringFrom = ring === undefined || ring.length === 0 ? range.to : ring.x(0);
    if (range.from < ringFrom)
      past.history.want(model, stream, level, { ...range, to: Math.min(range.to, ringFrom) });
    else past.history.release(model);
  }
  const parts = partsOf(scene, range);
  fillColumns(model.columns, parts, isLive && current.peek() ? (history.peek()?.last ?? null) : null);
  const target = scene.target.peek();
  model.target = target;
  model.zero = scene.zero;
  model.limit = limitFor(Math.max(reachOf(model.columns), targetReach(target)), model.limit);
  clampColumns(model.columns, model.limit);
  model.ribbon = ribbonSpans(parts);
  model.markers = scene.markers.peek();
  model.titles = scene.titles.peek();
}
