import type { EmotionFrame } from '../../src/client/index.ts';
import type { Curve } from './curve.ts';
import { curveParts } from './curve-parts.ts';
import { RING_STEPS, StepRing } from './step-ring.ts';
import type { Steps, TimeRange } from './steps.ts';

/** The choice of time that shows a whole recording, as seconds. */
export const WHOLE = Number.POSITIVE_INFINITY;

/** Parts of the path over the plane. */
const PATH_PARTS = 240;
/** Means are aimed at this many, so that those which end early at a gap still fit into RING_STEPS. */
const MOST_MEANS = 1500;

/** A whole recording at once. */
export interface Whole {
  readonly steps: Steps;
  readonly range: TimeRange;
  /** Over the plane, as SVG path data in its own units, arousal downwards. */
  readonly path: string;
  /** How far the path goes from 0 on either axis. */
  readonly reach: number;
}

/** All of a recording for one chart: its steps, or means if there are more than a chart has room for. */
export function wholeOf(curve: Curve): Whole {
  const { startMs, endMs } = curve;
  return {
    steps: stepsOf(curve),
    range: { from: startMs / 1000, to: endMs / 1000 },
    ...pathOf(curve),
  };
}

function stepsOf({ rows, times, stepSeconds }: Curve): Steps {
  const count = rows.length > RING_STEPS ? Math.ceil(rows.length / MOST_MEANS) : 1;
  const ring = new StepRing(stepSeconds * count);
  for (let from = 0, seq = 0; from < rows.length; seq++) {
    let to = from + 1;
    while (to < rows.length && to - from < count && times[to]! - times[to - 1]! <= 3000 * stepSeconds) to++;
    ring.append(count === 1 ? rows[from]! : meanOf(rows.slice(from, to), seq));
    from = to;
  }
  return ring;
}

/** Rows as one, at the time of the last: means over music, and the mood or activity that most of them have. */
function meanOf(rows: readonly EmotionFrame[], seq: number): EmotionFrame {
  const names = new Map<string, { readonly row: EmotionFrame; count: number }>();
  for (const row of rows) {
    const one = names.get(row.mood ?? row.activity);
    if (one === undefined) names.set(row.mood ?? row.activity, { row, count: 1 });
    else one.count++;
  }
  const most = [...names.values()].reduce((a, b) => (b.count > a.count ? b : a)).row;
  const { mood, activity } = most;
  if (activity !== 'music') return { ...rows.at(-1)!, seq, mood, activity, valence: null, arousal: null };
  const mean = (key: 'valence' | 'arousal' | 'valenceSd' | 'arousalSd'): number | null => {
    const values = rows.flatMap((row) => row[key] ?? []);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    ...rows.at(-1)!,
    ...{ seq, mood, activity },
    valence: mean('valence'),
    arousal: mean('arousal'),
    valenceSd: mean('valenceSd'),
    arousalSd: mean('arousalSd'),
  };
}

function pathOf(curve: Curve): Pick<Whole, 'path' | 'reach'> {
  const seconds = Math.max(curve.stepSeconds, (curve.endMs - curve.startMs) / 1000 / PATH_PARTS);
  let [path, reach, penDown] = ['', 0, false];
  for (const { valence, arousal } of curveParts(curve, seconds)) {
    if (valence !== null && arousal !== null) {
      path += `${penDown ? 'L' : 'M'}${valence.toFixed(3)} ${(-arousal).toFixed(3)}`;
      reach = Math.max(reach, Math.abs(valence), Math.abs(arousal));
    }
    penDown = valence !== null;
  }
  return { path, reach };
}
