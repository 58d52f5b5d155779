export interface AxisOptions {
  readonly label: string;
  /** `log` needs values over 0. */
  readonly scale?: 'linear' | 'log';
  /** Ends of the axis. Default: the range of the data, rounded outwards to a tick. */
  readonly from?: number;
  readonly to?: number;
}

/** The layout of an axis. */
export interface Axis {
  readonly label: string;
  readonly ticks: readonly Tick[];
  /** Position of a value, 0 … 1 from the start of the axis. */
  place(value: number): number;
}

interface Tick {
  readonly value: number;
  readonly text: string;
}

const WANTED_TICKS = 5;

export function layOut(options: AxisOptions, values: readonly number[]): Axis {
  const known = values.filter(Number.isFinite);
  const low = options.from ?? (known.length > 0 ? Math.min(...extent(known)) : 0);
  const high = options.to ?? (known.length > 0 ? Math.max(...extent(known)) : 1);
  return options.scale === 'log' ? logAxis(options, low, high) : linearAxis(options, low, high);
}

function linearAxis({ label, from, to }: AxisOptions, low: number, high: number): Axis {
  const room = high - low || Math.abs(low) || 1;
  const step = niceStep(room / WANTED_TICKS);
  const first = from ?? Math.floor(low / step + 1e-9) * step;
  const last = to ?? Math.ceil((high > low ? high : low + room) / step - 1e-9) * step;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  for (let i = Math.ceil(first / step - 1e-9); i * step <= last + step * 1e-9; i++) {
    ticks.push({ value: i * step, text: (i * step).toFixed(digits).replace(/^-(0\.?0*)$/, '$1') });
  }
  return { label, ticks, place: (value) => (value - first) / (last - first) };
}

function logAxis({ label }: AxisOptions, low: number, high: number): Axis {
  const first = Math.log10(low) - 0.1;
  const last = Math.log10(high) + 0.1;
  const marks = last - first < 1.5 ? [1, 2, 3, 5] : last - first < 3 ? [1, 3] : [1];
  const ticks: Tick[] = [];
  for (let decade = Math.floor(first); decade <= last; decade++) {
    for (const mark of marks) {
      const value = mark * 10 ** decade;
      const at = Math.log10(value);
      if (at >= first && at <= last) ticks.push({ value, text: String(Number(value.toPrecision(1))) });
    }
  }
  return { label, ticks, place: (value) => (Math.log10(value) - first) / (last - first) };
}

/** The smallest 1, 2 or 5 times a power of ten that is at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((n) => n * power >= least * (1 - 1e-9)) ?? 10);
}

/** Minimum and maximum. `Math.min(...values)` fails on large arrays. */
function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
