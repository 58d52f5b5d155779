import uPlot from 'uplot';
import type { StepRing } from '../state/step-ring.ts';
import type { Palette } from './palette.ts';
import {
  AHEAD,
  AROUSAL_HIGH,
  AROUSAL_LOW,
  type Columns,
  VALENCE_HIGH,
  VALENCE_LOW,
} from './timeline-columns.ts';

/** Seconds of chart after "now": the longest forecast horizon, and a little air. */
const AHEAD_SECONDS = 11;
const LEVELS = [-1, -0.5, 0, 0.5, 1];
const VALENCE_DASH: number[] = [];
export const AROUSAL_DASH = [7, 5];

/** A moment that somebody marked. */
export interface Mark {
  /** Seconds since 1970, as the ring's `x`. */
  readonly x: number;
  readonly label: string;
}

export interface TimelineOptions {
  readonly width: number;
  readonly height: number;
  readonly columns: Columns;
  readonly colours: () => Palette;
  readonly ring: () => StepRing | null;
  readonly seconds: () => number;
  /** What the right end of the past is called: `now`, or `here` in a recording. */
  readonly nowWord: string;
  readonly marks: () => readonly Mark[];
  /** Index of the column's row under the pointer, null when it leaves. */
  readonly onPoint: (row: number | null) => void;
}

/** Two lines with their bands, and the forecast drawn on beyond "now". */
export function createTimeline(target: HTMLElement, options: TimelineOptions): uPlot {
  const { colours, columns } = options;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${Math.round(rem * 0.8)}px ${getComputedStyle(target).fontFamily}`;
  const fade = (colour: string, percent: number) => `color-mix(in srgb, ${colour} ${percent}%, transparent)`;

  const line = (axis: 'valence' | 'arousal', ahead: boolean): uPlot.Series => ({
    stroke: () => colours()[axis],
    width: ahead ? 1.75 : 2.5,
    dash: axis === 'arousal' ? AROUSAL_DASH : VALENCE_DASH,
    points: { show: false },
  });
  // Where the bands lie over each other, their edges still tell them apart.
  const edge = (axis: 'valence' | 'arousal'): uPlot.Series => ({
    stroke: () => fade(colours()[axis], 40),
    width: 1,
    points: { show: false },
  });
  const band = (high: number, low: number, axis: 'valence' | 'arousal', percent: number): uPlot.Band => ({
    series: [high, low],
    fill: () => fade(colours()[axis], percent),
  });

  return new uPlot(
    {
      width: options.width,
      height: options.height,
      padding: [10, 4, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 } },
      scales: {
        x: { time: false, range: () => [-options.seconds(), AHEAD_SECONDS] },
        y: { range: () => [-1, 1] },
      },
      axes: [
        {
          stroke: () => colours().muted,
          font,
          size: rem * 2,
          gap: 9,
          grid: { show: false },
          ticks: { show: false },
          splits: () => timeSplits(options.seconds()),
          values: (_plot, splits) => splits.map((at) => timeLabel(at, options.nowWord)),
        },
        {
          stroke: () => colours().muted,
          font,
          size: rem * 2.75,
          gap: 8,
          grid: { stroke: () => colours().grid, width: 1 },
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
        band(AHEAD + VALENCE_HIGH, AHEAD + VALENCE_LOW, 'valence', 20),
        band(AHEAD + AROUSAL_HIGH, AHEAD + AROUSAL_LOW, 'arousal', 20),
      ],
      hooks: {
        drawClear: [(plot) => shadeRests(plot, options.ring(), options.seconds(), fade(colours().muted, 12))],
        draw: [
          (plot) => drawNow(plot, colours().ink),
          (plot) => drawMarks(plot, options.ring(), options.seconds(), options.marks(), colours(), font),
        ],
        setCursor: [(plot) => options.onPoint(plot.cursor.idx ?? null)],
      },
    },
    columns as uPlot.AlignedData,
    target,
  );
}

/** A quiet ground under the time in which no music played. */
function shadeRests(plot: uPlot, ring: StepRing | null, seconds: number, colour: string): void {
  if (ring === null || ring.length === 0) return;
  const { left, top, width, height } = plot.bbox;
  const newest = ring.x(ring.length - 1);
  const pixel = (x: number): number => Math.max(left, Math.min(left + width, plot.valToPos(x, 'x', true)));
  plot.ctx.save();
  plot.ctx.fillStyle = colour;
  let from: number | null = null;
  for (let i = 0; i <= ring.length; i++) {
    const resting = i < ring.length && !ring.isMusic(i);
    if (resting && from === null) from = ring.x(i) - 0.5;
    if (!resting && from !== null) {
      const to = ring.x(i - 1);
      if (to > newest - seconds) {
        plot.ctx.fillRect(pixel(from - newest), top, pixel(to - newest) - pixel(from - newest), height);
      }
      from = null;
    }
  }
  plot.ctx.restore();
}

function drawNow(plot: uPlot, colour: string): void {
  const x = Math.round(plot.valToPos(0, 'x', true)) + 0.5;
  const { top, height } = plot.bbox;
  plot.ctx.save();
  plot.ctx.strokeStyle = colour;
  plot.ctx.globalAlpha = 0.55;
  plot.ctx.lineWidth = uPlot.pxRatio;
  plot.ctx.beginPath();
  plot.ctx.moveTo(x, top);
  plot.ctx.lineTo(x, top + height);
  plot.ctx.stroke();
  plot.ctx.restore();
}

/** A thin line for each mark, with its number at the foot. */
function drawMarks(
  plot: uPlot,
  ring: StepRing | null,
  seconds: number,
  marks: readonly Mark[],
  colours: Palette,
  font: string,
): void {
  if (ring === null || ring.length === 0) return;
  const newest = ring.x(ring.length - 1);
  const { top, height } = plot.bbox;
  const { ctx } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.font = font.replace(/^(\d+)px/, (_, size: string) => `600 ${Number(size) * ratio}px`);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  for (const { x, label } of marks) {
    const at = x - newest;
    if (at < -seconds || at > 0) continue;
    const px = Math.round(plot.valToPos(at, 'x', true)) + 0.5;
    ctx.strokeStyle = colours.accent;
    ctx.lineWidth = 1.5 * ratio;
    ctx.beginPath();
    ctx.moveTo(px, top);
    ctx.lineTo(px, top + height);
    ctx.stroke();
    // On a ground of its own, whatever lies behind.
    const width = ctx.measureText(label).width + 8 * ratio;
    ctx.fillStyle = colours.accent;
    ctx.fillRect(px - width / 2, top + height - 17 * ratio, width, 17 * ratio);
    ctx.fillStyle = colours.surface;
    ctx.fillText(label, px, top + height - 2 * ratio);
  }
  ctx.restore();
}

function timeSplits(seconds: number): number[] {
  const step = seconds <= 60 ? 15 : seconds <= 180 ? 30 : seconds / 5;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step - seconds);
}

function timeLabel(seconds: number, nowWord: string): string {
  if (seconds === 0) return nowWord;
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
