import uPlot from 'uplot';
import { AXES, type Axis } from '../../src/frame-fields.ts';
import type { Zero } from '../state/moment-name.ts';
import type { ChartMarker } from '../state/scene.ts';
import type { TimeRange } from '../state/steps.ts';
import type { SceneTarget } from '../state/target.ts';
import type { TitleMark } from '../state/title-mark.ts';
import type { Palette } from './canvas.ts';
import { laneLayout, laneScale } from './lane-layout.ts';
import type { RibbonSpan } from './ribbon.ts';
import { drawRibbon } from './ribbon-layer.ts';
import { drawTargetLanes } from './target-layer.ts';
import { elapsedTicks, timeTicks } from './time-ticks.ts';
import {
  AROUSAL_HIGH,
  AROUSAL_LOW,
  type Columns,
  FORECAST,
  VALENCE_HIGH,
  VALENCE_LOW,
} from './timeline-columns.ts';
import {
  drawLaneNames,
  drawLanes,
  drawMarkers,
  drawNow,
  drawTitles,
  type LayerContext,
} from './timeline-layers.ts';

/** Seconds of chart after "now": the longest forecast horizon and a margin. */
export const FORECAST_SECONDS = 11;
const VALENCE_DASH: number[] = [];
const AROUSAL_DASH = [9, 3];
const FORECAST_DASH = [3, 4];
/** Room that a time label needs, in rem. */
const LABEL_REM = 7.5;

/** What is drawn beside the columns; changed in place before each drawing. */
export interface TimelineModel {
  readonly columns: Columns;
  /** The times shown, without the forecast's. */
  range: TimeRange;
  /** Seconds of room for the forecast after the range. */
  ahead: number;
  /** The newest step. */
  nowX: number;
  /** The lanes end at ± this. */
  limit: number;
  ribbon: readonly RibbonSpan[];
  markers: readonly ChartMarker[];
  titles: readonly TitleMark[];
  target: SceneTarget | null;
  /** Where times begin at 0:00; null: they are of the clock. */
  zero: Zero | null;
}

export interface TimelineOptions {
  readonly width: number;
  readonly height: number;
  readonly model: TimelineModel;
  readonly colors: () => Palette;
  readonly names: Readonly<Record<Axis, string>>;
  /** Label of the newest step: `now`, or `here` in a recording. */
  readonly nowLabel: string;
  /** Called with the row of the columns under the pointer, null when the pointer leaves. */
  readonly onCursor: (row: number | null) => void;
}

/** Valence and arousal on a lane each, with their bands, and the ribbon of moods; a forecast continues the lanes. */
export function createTimeline(target: HTMLElement, options: TimelineOptions): uPlot {
  const { colors, model } = options;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${Math.round(rem * 0.8125)}px ${getComputedStyle(target).fontFamily}`;
  const fade = (color: string, percent: number) => `color-mix(in srgb, ${color} ${percent}%, transparent)`;
  // Lines grow with the text.
  const scale = Math.max(1, rem / 16);
  const scaled = (dash: readonly number[]) => dash.map((length) => length * scale);
  const layoutOf = (plot: uPlot) => laneLayout(plot.bbox.height, rem * uPlot.pxRatio);
  const context = (plot: uPlot): LayerContext => ({
    ...{ plot, font },
    colors: colors(),
    layout: layoutOf(plot),
    limit: model.limit,
    unit: uPlot.pxRatio * scale,
  });

  const series = (axis: Axis, forecast: boolean): uPlot.Series => ({
    scale: axis,
    stroke: () => colors()[axis],
    width: (forecast ? 2 : 2.5) * scale,
    dash: scaled(forecast ? FORECAST_DASH : axis === 'arousal' ? AROUSAL_DASH : VALENCE_DASH),
    points: { show: false },
  });
  const edge = (axis: Axis): uPlot.Series => ({
    scale: axis,
    stroke: () => fade(colors()[axis], 30),
    width: scale,
    points: { show: false },
  });
  const band = (high: number, low: number, axis: Axis, percent: number): uPlot.Band => ({
    series: [high, low],
    fill: () => fade(colors()[axis], percent),
  });
  const laneRange = (axis: Axis) => (plot: uPlot) => {
    const height = Math.max(1, plot.bbox.height);
    return laneScale(layoutOf(plot)[axis], height, model.limit);
  };

  return new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [0, 0, 0, rem * 2.75],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 * scale } },
      scales: {
        x: { time: false, range: () => [model.range.from, model.range.to + model.ahead] },
        valence: { range: laneRange('valence') },
        arousal: { range: laneRange('arousal') },
      },
      axes: [
        {
          stroke: () => colors().muted,
          font,
          size: rem * 1.9,
          gap: rem / 2,
          grid: { show: false },
          ticks: { show: true, stroke: () => colors().line, width: scale, size: 5 * scale },
          splits: (plot) => ticksOf(plot).map(({ x }) => x),
          values: (plot) => ticksOf(plot).map(({ label }) => label),
        },
      ],
      series: [
        {},
        ...[false, true].flatMap((forecast) =>
          AXES.flatMap((axis) => [series(axis, forecast), edge(axis), edge(axis)]),
        ),
      ],
      bands: [
        band(VALENCE_HIGH, VALENCE_LOW, 'valence', 15),
        band(AROUSAL_HIGH, AROUSAL_LOW, 'arousal', 15),
        band(FORECAST + VALENCE_HIGH, FORECAST + VALENCE_LOW, 'valence', 22),
        band(FORECAST + AROUSAL_HIGH, FORECAST + AROUSAL_LOW, 'arousal', 22),
      ],
      hooks: {
        drawClear: [(plot) => drawLanes(context(plot))],
        draw: [
          (plot) => {
            const layers = context(plot);
            drawLaneNames(layers, options.names);
            drawRibbon(layers, model.ribbon);
            drawTitles(layers, model.titles, model.nowX, options.nowLabel, model.zero !== null);
            drawNow(layers, model.nowX, options.nowLabel);
            if (model.target !== null) drawTargetLanes(layers, model.target);
            drawMarkers(layers, model.markers);
          },
        ],
        setCursor: [(plot) => options.onCursor(plot.cursor.idx ?? null)],
      },
    },
    model.columns as uPlot.AlignedData,
    target,
  );

  function timesOf(range: TimeRange, max: number) {
    return model.zero === null ? timeTicks(range, max) : elapsedTicks(range, max, model.zero.x);
  }

  function ticksOf(plot: uPlot) {
    const to = model.range.to + model.ahead;
    const ticks = timesOf({ from: model.range.from, to }, Math.max(2, plot.width / rem / LABEL_REM));
    // A label at the very end would be cut off.
    const room = ((LABEL_REM / 4) * rem * (to - model.range.from)) / plot.width;
    return ticks.filter(({ x }) => x <= to - room);
  }
}
