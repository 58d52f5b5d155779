import { firstAfter, type Part, type Steps, type TimeRange } from './steps.ts';

/**
 * Joins the history before the newest steps with those of the ring, so that no time is drawn twice. `stepSeconds`: of
 * the history's level.
 */
export function joinParts(
  past: readonly Part[],
  ring: Steps | null,
  range: TimeRange,
  stepSeconds: number,
): Part[] {
  if (ring === null || ring.length === 0) return [...past];
  const ringFrom = ring.x(0) - ring.stepSeconds;
  // Means go on as far as they are loaded, so that a long view changes from means to single steps at its very end.
  const from = stepSeconds > ring.stepSeconds ? Math.max(ringFrom, newestOf(past)) : ringFrom;
  const parts = past
    .filter((part) => part.from < from)
    .map((part) => (part.to > from ? { ...part, to: from } : part));
  if (range.to > from) parts.push({ steps: ring, from: Math.max(from, range.from), to: range.to });
  return parts;
}

/** End of the newest step in `parts`. */
function newestOf(parts: readonly Part[]): number {
  const last = parts.at(-1);
  if (last === undefined) return Number.NEGATIVE_INFINITY;
  const i = firstAfter(last.steps, last.to) - 1;
  return i < 0 || last.steps.x(i) < last.from ? last.from : last.steps.x(i);
}
