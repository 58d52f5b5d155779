/** A point of a lane; null where there was no music. */
export interface LanePoint {
  /** ms since 1970: the middle of what the point covers. */
  readonly ms: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface LaneScale {
  readonly fromMs: number;
  readonly toMs: number;
  /** The value at the top; its negative is at the bottom. */
  readonly reach: number;
}

/** Size of a lane in its own units: it is stretched to its box. */
export const LANE_WIDTH = 1000;
export const LANE_HEIGHT = 100;

const xOf = (ms: number, { fromMs, toMs }: LaneScale): number =>
  ((ms - fromMs) / (toMs - fromMs)) * LANE_WIDTH;
export const yOf = (value: number, { reach }: LaneScale): number =>
  ((1 - Math.max(-1, Math.min(1, value / reach))) / 2) * LANE_HEIGHT;

/** Adapts gently to what there is: 0.4, 0.6, 0.8 or 1, so that lanes seldom change their scale. */
export function reachOf(values: readonly (number | null)[]): number {
  const largest = values.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
  return [0.4, 0.6, 0.8].find((reach) => largest <= reach) ?? 1;
}

/** SVG path data of the line and of the band, with gaps where points are missing or more than `gapMs` apart. */
export function lanePaths(
  points: readonly LanePoint[],
  scale: LaneScale,
  gapMs: number,
): { readonly line: string; readonly band: string } {
  let [line, band] = ['', ''];
  for (const run of runsOf(points, gapMs)) {
    const at = (point: LanePoint, value: number) =>
      `${xOf(point.ms, scale).toFixed(1)} ${yOf(value, scale).toFixed(1)}`;
    line += `M${run.map((point) => at(point, point.value!)).join('L')}`;
    // A single point is still a dot.
    if (run.length === 1) line += 'h0.01';
    const bounded = run.filter(({ low, high }) => low !== null && high !== null);
    if (bounded.length < 2) continue;
    const upper = bounded.map((point) => at(point, point.high!));
    const lower = bounded.map((point) => at(point, point.low!)).reverse();
    band += `M${[...upper, ...lower].join('L')}Z`;
  }
  return { line, band };
}

function runsOf(points: readonly LanePoint[], gapMs: number): LanePoint[][] {
  const runs: LanePoint[][] = [];
  let last: LanePoint | undefined;
  for (const point of points) {
    if (point.value === null) {
      last = undefined;
      continue;
    }
    if (last === undefined || point.ms - last.ms > gapMs) runs.push([]);
    runs.at(-1)!.push(point);
    last = point;
  }
  return runs;
}
