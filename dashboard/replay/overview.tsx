import type { Marker } from '../../src/client/index.ts';
import type { Recording } from './recording.ts';

const COLUMNS = 400;
const HEIGHT = 56;

export interface OverviewProps {
  readonly recording: Recording;
  readonly markers: readonly Marker[];
}

/** The whole session in one strip: valence and arousal, the rests, and where the markers are. */
export function Overview({ recording, markers }: OverviewProps) {
  const { length } = sizeOf(recording);
  const columns = columnsOf(recording);
  return (
    <svg class="overview" viewBox={`0 0 ${COLUMNS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="overview-zero" d={`M0 ${HEIGHT / 2}H${COLUMNS}`} />
      <path class="overview-line" data-axis="valence" d={pathOf(columns.valence)} />
      <path class="overview-line" data-axis="arousal" d={pathOf(columns.arousal)} />
      {markers.map(({ id, at }) => {
        const x = length > 0 ? (COLUMNS * at) / length : 0;
        return <path key={id} class="overview-marker" d={`M${x.toFixed(2)} 0V${HEIGHT}`} />;
      })}
    </svg>
  );
}

const sizeOf = ({ startMs, endMs }: Recording) => ({ length: (endMs - startMs) / 1000 });

interface Columns {
  readonly valence: Float64Array;
  readonly arousal: Float64Array;
}

/** Means over equal parts; NaN where no music was. Made once for each recording. */
const made = new WeakMap<Recording, Columns>();

function columnsOf(recording: Recording): Columns {
  const known = made.get(recording);
  if (known) return known;
  const { rows, times, startMs, endMs } = recording;
  const columns = { valence: new Float64Array(COLUMNS), arousal: new Float64Array(COLUMNS) };
  const counts = new Float64Array(COLUMNS);
  rows.forEach(({ valence, arousal }, i) => {
    if (valence === null || arousal === null) return;
    const share = (times[i]! - startMs) / Math.max(1, endMs - startMs);
    const at = Math.max(0, Math.min(COLUMNS - 1, Math.floor(share * COLUMNS)));
    columns.valence[at]! += valence;
    columns.arousal[at]! += arousal;
    counts[at]!++;
  });
  for (let i = 0; i < COLUMNS; i++) {
    columns.valence[i]! /= counts[i]!; // 0 / 0: NaN
    columns.arousal[i]! /= counts[i]!;
  }
  fillNarrowHoles(columns, rows.length);
  made.set(recording, columns);
  return columns;
}

/** A short recording has fewer rows than there are columns: the line goes on over those between. */
function fillNarrowHoles(columns: Columns, rows: number): void {
  const reach = Math.ceil(COLUMNS / Math.max(1, rows));
  if (reach < 2) return;
  for (const values of [columns.valence, columns.arousal]) {
    let last = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < COLUMNS; i++) {
      if (!Number.isNaN(values[i]!)) last = i;
      else if (i - last <= reach) values[i] = values[i - 1]!;
    }
  }
}

function pathOf(values: Float64Array): string {
  let path = '';
  let down = false;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) {
      down = false;
      return;
    }
    path += `${down ? 'L' : 'M'}${i + 0.5} ${(((1 - value) / 2) * HEIGHT).toFixed(1)}`;
    down = true;
  });
  return path;
}
