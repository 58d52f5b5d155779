import './lane-chart.css';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Axis } from '../../../src/frame-fields.ts';
import { LANE_HEIGHT, LANE_WIDTH, type LanePoint, lanePaths, reachOf, yOf } from '../../draw/lane.ts';
import type { ChartYear } from '../../state/chart-years.ts';
import { fixed, signed } from '../../state/format.ts';
import { t } from '../../state/i18n.ts';

/** A moment on the time axis. */
export interface Tick {
  readonly ms: number;
  readonly label: string;
}

/** A time label that begins after this share of the width would be cut: it is hidden on a phone, else it ends at its tick. */
const LAST_SHARES = { narrow: 0.8, wide: 0.94 };

export interface LaneChartProps {
  readonly axis: Axis;
  readonly points: readonly LanePoint[];
  /** The same of another time, drawn thinly behind. */
  readonly compared?: readonly LanePoint[] | undefined;
  /** A level to hold. */
  readonly target?: number | null | undefined;
  /** The lane ends at ± this. Default: as far as the values go. */
  readonly reach?: number | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** Points further apart are not joined. Default: one and a half steps. */
  readonly gapMs?: number;
  readonly ticks: readonly Tick[];
  /** Where the years begin, on a line of their own. */
  readonly years?: readonly ChartYear[] | undefined;
  /** The reading under the pointer. Default: the value with its lowest and highest. */
  readonly readingText?: (point: LanePoint) => string;
  /** How a moment is written in the reading under the pointer. */
  readonly timeText: (ms: number) => string;
}

/** One axis over time: a line, and a band from the lowest to the highest value. The table beside it has the numbers. */
export function LaneChart(props: LaneChartProps) {
  const { axis, points, compared = [], target = null, fromMs, toMs, stepMs, ticks, timeText } = props;
  const { readingText = withRange, years = [], gapMs = stepMs * 1.5 } = props;
  const id = useId();
  const hovered = useSignal<LanePoint | null>(null);
  const bounds = points.flatMap(({ value, low, high }) => [value, low, high]);
  const reach = props.reach ?? reachOf([...bounds, ...compared.map(({ value }) => value), target]);
  const scale = { fromMs, toMs, reach };
  const { line, band } = lanePaths(points, scale, gapMs);
  const share = (ms: number) => (ms - fromMs) / (toMs - fromMs);
  return (
    <figure class="lane" data-axis={axis} aria-labelledby={id}>
      <figcaption id={id}>
        <b>{t(`axis.${axis}`)}</b>
        <span class="lane-reading">
          {hovered.value !== null && `${timeText(hovered.value.ms)}: ${readingText(hovered.value)}`}
        </span>
      </figcaption>
      <div
        class="lane-plot"
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          hovered.value = nearest(
            points,
            fromMs + ((event.clientX - box.left) / box.width) * (toMs - fromMs),
            stepMs,
          );
        }}
        onPointerLeave={() => {
          hovered.value = null;
        }}
      >
        <svg viewBox={`0 0 ${LANE_WIDTH} ${LANE_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {ticks.map(({ ms }) => (
            <path key={ms} class="lane-grid" d={`M${share(ms) * LANE_WIDTH} 0V${LANE_HEIGHT}`} />
          ))}
          <path class="lane-zero" d={`M0 ${LANE_HEIGHT / 2}H${LANE_WIDTH}`} />
          {target !== null && <path class="lane-target" d={`M0 ${yOf(target, scale)}H${LANE_WIDTH}`} />}
          <path class="lane-band" d={band} />
          <path class="lane-compared" d={lanePaths(compared, scale, gapMs).line} />
          <path class="lane-line" d={line} />
          {hovered.value !== null && (
            <path class="lane-cursor" d={`M${share(hovered.value.ms) * LANE_WIDTH} 0V${LANE_HEIGHT}`} />
          )}
        </svg>
        <span class="lane-top" aria-hidden="true">
          +{fixed(reach, 1)}
        </span>
        <span class="lane-bottom" aria-hidden="true">
          −{fixed(reach, 1)}
        </span>
      </div>
      <div class="lane-ticks" aria-hidden="true">
        {ticks.map(({ ms, label }) => (
          // Another period has labels of its own: none wanders.
          <span key={`${fromMs} ${ms}`} style={{ '--at': share(ms) }} data-last={lastOf(share(ms))}>
            {label}
          </span>
        ))}
      </div>
      {years.length > 0 && (
        <div class="lane-years" aria-hidden="true">
          {years.map(({ ms, label, isTight }) => (
            <span
              key={ms}
              class="lane-year"
              data-tight={isTight}
              style={{ '--at': share(ms) }}
              data-last={share(ms) > LAST_SHARES.wide}
            >
              {label}
            </span>
          ))}
        </div>
      )}
    </figure>
  );
}

const lastOf = (share: number) =>
  share > LAST_SHARES.wide ? 'wide' : share > LAST_SHARES.narrow ? 'narrow' : undefined;

const withRange = ({ value, low, high }: LanePoint): string =>
  `${signed(value)} (${signed(low)} … ${signed(high)})`;

/** The point that covers a moment; null if none does. */
function nearest(points: readonly LanePoint[], ms: number, stepMs: number): LanePoint | null {
  let best: LanePoint | null = null;
  for (const point of points)
    if (Math.abs(point.ms - ms) < Math.abs((best?.ms ?? Number.POSITIVE_INFINITY) - ms)) best = point;
  return best !== null && best.value !== null && Math.abs(best.ms - ms) <= stepMs ? best : null;
}
