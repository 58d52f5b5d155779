import uPlot from 'uplot';
import type { Axis } from '../../src/frame-fields.ts';
import type { ChartMarker } from '../state/scene.ts';
import type { StepRing } from '../state/step-ring.ts';
import type { Palette } from './canvas.ts';
import {
  AROUSAL_HIGH,
  AROUSAL_LOW,
  type Columns,
  FORECAST,
  VALENCE_HIGH,
  VALENCE_LOW,
} from './timeline-columns.ts';
import { drawMarkers, drawNow, shadeNonMusic } from './timeline-layers.ts';

/** Seconds of chart after "now": the longest forecast horizon and a margin. */
const FORECAST_SECONDS = 11;
const LEVELS = [-1, -0.5, 0, 0.5, 1];
const VALENCE_DASH: number[] = [];
const AROUSAL_DASH = [7, 5];

export interface TimelineOptions {
  readonly width: number;
  readonly height: number;
  readonly columns: Columns;
  readonly colors: () => Palette;
  readonly ring: () => StepRing | null;
  readonly seconds: () => number;
  /** Label of the newest step: `now`, or `here` in a recording. */
  readonly nowLabel: string;
  /** Whether room is left for it. */
  readonly hasForecast: boolean;
  readonly markers: () => readonly ChartMarker[];
  /** Called with the row of `columns` under the pointer, null when the pointer leaves. */
  readonly onCursor: (row: number | null) => void;
}

/** Two lines with their bands; the forecast continues them after "now". */
export function createTimeline(target: HTMLElement, options: TimelineOptions): uPlot {
  const { colors, columns } = options;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${Math.round(rem * 0.8)}px ${getComputedStyle(target).fontFamily}`;
  const fade = (color: string, percent: number) => `color-mix(in srgb, ${color} ${percent}%, transparent)`;

  const line = (axis: Axis, forecast: boolean): uPlot.Series => ({
    stroke: () => colors()[axis],
    width: forecast ? 1.75 : 2.5,
    dash: axis === 'arousal' ? AROUSAL_DASH : VALENCE_DASH,
    points: { show: false },
  });
  // Edges keep overlapping bands distinguishable.
  const edge = (axis: Axis): uPlot.Series => ({
    stroke: () => fade(colors()[axis], 40),
    width: 1,
    points: { show: false },
  });
  const band = (high: number, low: number, axis: Axis, percent: number): uPlot.Band => ({
    series: [high, low],
    fill: () => fade(colors()[axis], percent),
  });

  return new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [10, 4, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 } },
      scales: {
        x: { time: false, range: () => [-options.seconds(), options.hasForecast ? FORECAST_SECONDS : 0] },
        y: { range: () => [-1, 1] },
      },
      axes: [
        {
          stroke: () => colors().muted,
          font,
          size: rem * 2,
          gap: 9,
          grid: { show: false },
          ticks: { show: false },
          splits: (plot) => timeSplits(options.seconds(), plot.width / rem),
          values: (_plot, splits) => splits.map((at) => timeLabel(at, options.nowLabel)),
        },
        {
          stroke: () => colors().muted,
          font,
          size: rem * 2.75,
          gap: 8,
          grid: { stroke: () => colors().grid, width: 1 },
          ticks: { show: false },
          splits: () => LEVELS,
          values: (_plot, splits) => splits.map(levelLabel),
        },
      ],
      series: [
        {},
        line('valence', false),
        edge('valence'),
        edge('valence'),
        line('arousal', false),
        edge('arousal'),
        edge('arousal'),
        line('valence', true),
        edge('valence'),
        edge('valence'),
        line('arousal', true),
        edge('arousal'),
        edge('arousal'),
      ],
      bands: [
        band(VALENCE_HIGH, VALENCE_LOW, 'valence', 11),
        band(AROUSAL_HIGH, AROUSAL_LOW, 'arousal', 11),
        band(FORECAST + VALENCE_HIGH, FORECAST + VALENCE_LOW, 'valence', 20),
        band(FORECAST + AROUSAL_HIGH, FORECAST + AROUSAL_LOW, 'arousal', 20),
      ],
      hooks: {
        drawClear: [(plot) => shadeNonMusic(plot, options.ring(), options.seconds(), colors(), font)],
        draw: [
          (plot) => drawNow(plot, colors().ink),
          (plot) => drawMarkers(plot, options.ring(), options.seconds(), options.markers(), colors(), font),
        ],
        setCursor: [(plot) => options.onCursor(plot.cursor.idx ?? null)],
      },
    },
    columns as uPlot.AlignedData,
    target,
  );
}

/** Room that a time label needs, in rem. */
const LABEL_REM = 5.5;

/** Times to label on a chart `rems` wide: the span in up to 6 equal parts of whole minutes or quarters of one. */
function timeSplits(seconds: number, rems: number): number[] {
  const atMost = rems / LABEL_REM;
  const round = seconds > 180 ? 60 : 15;
  const parts = [6, 5, 4, 3].find((count) => count <= atMost && (seconds / count) % round === 0) ?? 2;
  return Array.from({ length: parts + 1 }, (_, i) => (i * seconds) / parts - seconds);
}

function timeLabel(seconds: number, nowLabel: string): string {
  if (seconds === 0) return nowLabel;
  const whole = Math.abs(seconds);
  if (whole < 60) return `−${whole} s`;
  if (whole % 3600 === 0) return `−${whole / 3600} h`;
  const minutes = Math.floor(whole / 60);
  if (whole > 3600) return `−${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`;
  return whole % 60 === 0 ? `−${minutes} min` : `−${minutes}:${String(whole % 60).padStart(2, '0')}`;
}

function levelLabel(level: number): string {
  if (level === 0) return '0';
  return `${level > 0 ? '+' : '−'}${Math.abs(level)}`;
}
