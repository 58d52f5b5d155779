import { roundTo } from '../../frame-fields.ts';
import type { EmotionFrame } from '../../types.ts';
import { parseDuration } from '../../util/duration.ts';
import { createSmoother } from './smoother.ts';
import { createThreshold } from './threshold.ts';
import { DEFAULT_VALUES, SINK_VALUES, type SinkValue } from './values.ts';

/** How one value is sent; the schema is in sink-entry.ts. */
export interface ValueOptions {
  readonly value: string;
  /** Where it goes, such as an OSC address. */
  readonly as?: string | undefined;
  /** Range that is scaled to `to`. Default: the whole range of the value. */
  readonly from?: readonly [number, number] | undefined;
  /** Range of the numbers that are sent; they never leave it. Default: not scaled. */
  readonly to?: readonly [number, number] | undefined;
  /** Time constant of the smoothing. */
  readonly smooth?: string | undefined;
  /** Sent at most once in this span of audio. */
  readonly every?: string | undefined;
  /** Makes it a switch, on at this level. */
  readonly on?: number | undefined;
  /** Level at which it is off again. Default: `on`. */
  readonly off?: number | undefined;
  /** The changes of the switch that are sent. Default: both. */
  readonly edge?: 'on' | 'off' | 'both' | undefined;
}

export interface MappingOptions {
  /** Default: `DEFAULT_VALUES`. */
  readonly values?: readonly ValueOptions[] | undefined;
  /** For values without their own. */
  readonly to?: readonly [number, number] | undefined;
  readonly smooth?: string | undefined;
  readonly every?: string | undefined;
}

/** One value that is due. */
export interface MappedValue {
  readonly name: string;
  readonly as: string | undefined;
  /** Smoothed, scaled, and rounded to four decimals; null if the stream has no such value now. */
  readonly value: SinkValue;
  /** Set for a switch. A `trigger` is a switch of which only one change is sent. */
  readonly kind: 'value' | 'switch' | 'trigger';
}

/** A stream's values, with their state: one object per stream and sink. */
export interface Mapping {
  /** The values that are due at a frame. */
  next(frame: EmotionFrame): MappedValue[];
  /** The stream stopped or lost its source: values become null, switches go off. */
  end(): MappedValue[];
}

export function createMapping({ values, to, smooth, every }: MappingOptions): Mapping {
  const listed = values ?? DEFAULT_VALUES.map((value): ValueOptions => ({ value }));
  const channels = listed.map((one) =>
    one.on === undefined
      ? valueChannel({ to, smooth, every, ...one })
      : switchChannel({ to, smooth, ...one }),
  );
  const of = (frame: EmotionFrame | undefined) => channels.flatMap((channel) => channel(frame) ?? []);
  return { next: of, end: () => of(undefined) };
}

/** Returns what is to be sent at a frame (undefined: the stream stopped or lost its source), or undefined if nothing is due. */
type Channel = (frame: EmotionFrame | undefined) => MappedValue | undefined;

/** Rounding: frames are read at times that are multiples of 0.5 s, but sums of them may not be. */
const EPSILON_SECONDS = 1e-6;

function valueChannel({ value: name, as, smooth, every, from, to }: ValueOptions): Channel {
  const info = SINK_VALUES.get(name)!;
  const filter = createFilter(smooth);
  const scale = createScale(from ?? info.range, to);
  const everySeconds = secondsOf(every);
  let dueAt = 0;
  let lastT = 0;
  return (frame) => {
    if (!frame) {
      dueAt = 0;
      return { name, as, kind: 'value', value: filter(null, 0) };
    }
    const { t } = frame;
    if (t < lastT) dueAt = 0; // A new run.
    lastT = t;
    const smoothed = filter(info.of(frame), t);
    if (t < dueAt - EPSILON_SECONDS) return undefined;
    dueAt = t + everySeconds;
    return { name, as, kind: 'value', value: mapNumbers(smoothed, scale) };
  };
}

function switchChannel({
  value: name,
  as,
  smooth,
  on = 0,
  off = on,
  to,
  edge = 'both',
}: ValueOptions): Channel {
  const info = SINK_VALUES.get(name)!;
  const filter = createFilter(smooth);
  const threshold = createThreshold({ on, off });
  const [offValue, onValue] = to ?? [0, 1];
  const kind = edge === 'both' ? 'switch' : 'trigger';
  // A switch sends its first state, whatever it is; a trigger only changes.
  let sent: boolean | undefined = kind === 'switch' ? undefined : false;
  return (frame) => {
    const value = filter(frame ? info.of(frame) : null, frame?.t ?? 0);
    const isOn = threshold(typeof value === 'number' ? value : null);
    if (isOn === sent || (!frame && sent === undefined)) return undefined;
    sent = isOn;
    if (edge !== 'both' && (edge === 'on') !== isOn) return undefined;
    return { name, as, kind, value: isOn ? onValue : offValue };
  };
}

/** Smooths numbers and both parts of a forecast. After a step without a value, smoothing begins anew. */
function createFilter(smooth: string | undefined): (value: SinkValue, t: number) => SinkValue {
  const seconds = secondsOf(smooth);
  const first = createSmoother(seconds);
  const second = createSmoother(seconds);
  return (value, t) => {
    if (typeof value === 'number') return first.next(value, t);
    if (typeof value === 'string') return value;
    if (value) return [first.next(value[0], t), second.next(value[1], t)];
    first.reset();
    second.reset();
    return null;
  };
}

/** Scales linearly from one range to another, which may be reversed, and clamps. */
function createScale(from: readonly [number, number] | undefined, to: readonly [number, number] | undefined) {
  return (value: number): number => {
    if (!from || !to) return round(value);
    const share = Math.min(1, Math.max(0, (value - from[0]) / (from[1] - from[0])));
    return round(to[0] + share * (to[1] - to[0]));
  };
}

function mapNumbers(value: SinkValue, scale: (value: number) => number): SinkValue {
  if (typeof value === 'number') return scale(value);
  return typeof value === 'string' || value === null ? value : [scale(value[0]), scale(value[1])];
}

const round = (value: number): number => roundTo(value, 4);

const secondsOf = (duration: string | undefined): number =>
  duration === undefined ? 0 : (parseDuration(duration) ?? 0) / 1000;
