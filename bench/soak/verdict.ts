/** The checks of a soak run: pure functions from what was measured to what is wrong. */

/** One look at the server while it runs. */
export interface Sample {
  /** Seconds since the run began. */
  readonly seconds: number;
  readonly rssMb: number;
  readonly heapMb: number;
  /** Memory outside the heap that JavaScript refers to: buffers, tensors of the wasm engine. */
  readonly externalMb: number;
  readonly handles: number;
  /** 99th percentile of the event loop's delay since the sample before. */
  readonly loopLagMs: number;
  /** Messages waiting in the log and in all sinks. */
  readonly logQueue: number;
  /** Size of the log's files. It is not checked: frames are dropped in large blocks. */
  readonly logMb: number;
}

/** The median of the slopes between all pairs of points (Theil–Sen): a few outliers do not move it. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const [a, b] = [points[i]!, points[j]!];
      if (b[0] > a[0]) slopes.push((b[1] - a[1]) / (b[0] - a[0]));
    }
  }
  return median(slopes);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What may grow over a whole run after its warm-up, and by how much. */
const MAX_GROWTH: readonly (readonly [name: keyof Sample, share: number, amount: number])[] = [
  ['rssMb', 0.15, 48],
  ['heapMb', 0.25, 24],
  ['externalMb', 0.25, 24],
  ['handles', 0.2, 20],
  ['logQueue', 0, 5_000],
];
const WARM_UP = 0.25;
const MIN_SAMPLES = 12;

/** Whether a run was long enough for `growth`. */
export const showsGrowth = (samples: readonly Sample[]): boolean =>
  samples.length - Math.floor(samples.length * WARM_UP) >= MIN_SAMPLES;

/** Enough points for a robust slope, few enough for all pairs. */
const MAX_POINTS = 400;

/** What grew: one sentence each. Fewer than 12 samples after the warm-up show nothing. */
export function growth(samples: readonly Sample[]): string[] {
  if (!showsGrowth(samples)) return [];
  const after = samples.slice(Math.floor(samples.length * WARM_UP));
  const every = Math.ceil(after.length / MAX_POINTS);
  const used = after.filter((_, i) => i % every === 0);
  const seconds = after.at(-1)!.seconds - after[0]!.seconds;
  const found: string[] = [];
  for (const [name, share, amount] of MAX_GROWTH) {
    const level = median(used.slice(0, Math.ceil(used.length / 4)).map((sample) => sample[name]));
    const grown = slope(used.map((sample) => [sample.seconds, sample[name]])) * seconds;
    if (grown > Math.max(share * level, amount)) {
      found.push(`${name} grew by ${grown.toFixed(1)} from ${level.toFixed(1)} after the warm-up.`);
    }
  }
  const quarter = Math.ceil(used.length / 4);
  const lag = (part: readonly Sample[]) => median(part.map(({ loopLagMs }) => loopLagMs));
  const [before, now] = [lag(used.slice(0, quarter)), lag(used.slice(-quarter))];
  if (now > 3 * before + 100)
    found.push(`The event loop's delay grew from ${before.toFixed(0)} to ${now.toFixed(0)} ms.`);
  return found;
}

/** An event of a stream that the harness looks at. */
export interface StreamIncident {
  readonly stream: string;
  readonly type: string;
  readonly reason?: string | undefined;
  readonly code?: string | undefined;
  readonly message: string;
}

/** What the harness does to a kind of stream, and so may cause. */
export interface Allowed {
  readonly gaps: readonly string[];
  /** Codes of errors that may stop the stream. */
  readonly stops: readonly string[];
}

/** Gaps and stops that nothing the harness did explains. */
export function unexplained(
  incidents: readonly StreamIncident[],
  allowed: (stream: string) => Allowed,
): StreamIncident[] {
  return incidents.filter(({ stream, type, reason, code }) => {
    const { gaps, stops } = allowed(stream);
    if (type === 'gap') return !gaps.includes(reason ?? '');
    if (type === 'stream-stopped') return code !== undefined && !stops.includes(code);
    return false;
  });
}

/** What a frame must have in common with the frame that `track` gives for the same audio. */
export interface ComparedFrame {
  readonly seq: number;
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly loudness: number | null;
  readonly activity: string;
}

/** The first difference between live frames and those of `track`; undefined if there is none. */
export function firstDifference(
  live: readonly ComparedFrame[],
  tracked: readonly ComparedFrame[],
): string | undefined {
  if (live.length !== tracked.length) return `${live.length} frames live, ${tracked.length} by track`;
  for (const [i, frame] of live.entries()) {
    const other = tracked[i]!;
    for (const key of ['seq', 'valence', 'arousal', 'loudness', 'activity'] as const) {
      if (frame[key] !== other[key])
        return `${key} of frame ${i}: ${frame[key]} live, ${other[key]} by track`;
    }
  }
  return undefined;
}
