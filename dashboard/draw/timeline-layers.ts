import uPlot from 'uplot';
import { AXES, type Axis } from '../../src/frame-fields.ts';
import { locale } from '../state/i18n.ts';
import type { ChartMarker } from '../state/scene.ts';
import type { TitleMark } from '../state/title-mark.ts';
import type { Palette } from './canvas.ts';
import type { LaneLayout } from './lane-layout.ts';
import { markerLines } from './marker-lines.ts';

/** What the layers of one drawing share: sizes in canvas pixels. */
export interface LayerContext {
  readonly plot: uPlot;
  readonly colors: Palette;
  /** Strips in pixels from the top of the plot. */
  readonly layout: LaneLayout;
  /** The lanes end at ± this. */
  readonly limit: number;
  /** CSS font of labels, as `13px sans-serif`. */
  readonly font: string;
  /** A CSS pixel of a usual screen in canvas pixels. */
  readonly unit: number;
}

/** A CSS font in canvas pixels. */
export const pixelFont = (font: string, weight: number): string =>
  font.replace(/^(\d+)px/, (_, size: string) => `${weight} ${Number(size) * uPlot.pxRatio}px`);

/** The two lanes: a frame, a line at 0 and half way to each end, and their levels on the left. */
export function drawLanes({ plot, colors, layout, limit, font, unit }: LayerContext): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = pixelFont(font, 450);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  ctx.lineWidth = unit;
  // Lower lanes have room for one label.
  const roomy = 5 * Number.parseFloat(font) * uPlot.pxRatio;
  for (const axis of AXES) {
    const top = bbox.top + layout[axis].top;
    const height = layout[axis].bottom - layout[axis].top;
    ctx.fillStyle = colors.lane;
    ctx.fillRect(bbox.left, top, bbox.width, height);
    for (const level of [limit, limit / 2, 0, -limit / 2, -limit]) {
      const y = Math.round(top + (height * (limit - level)) / (2 * limit)) + 0.5;
      ctx.strokeStyle = level === 0 ? colors['line-strong'] : colors.grid;
      if (Math.abs(level) < limit) line(ctx, bbox.left, y, bbox.left + bbox.width, y);
      // The ends are close to the other lane.
      if (Math.abs(level) === limit || (level !== 0 && height < roomy)) continue;
      ctx.fillStyle = level === 0 ? colors.ink : colors.muted;
      ctx.fillText(levelLabel(level), bbox.left - 7 * unit, y);
    }
  }
  ctx.restore();
}

const levelLabel = (level: number): string =>
  level === 0
    ? '0'
    : `${level > 0 ? '+' : '−'}${Math.abs(level).toLocaleString(locale(), { maximumFractionDigits: 1 })}`;

/** The name of each lane in its corner, in its color. */
export function drawLaneNames(
  { plot, colors, layout, font, unit }: LayerContext,
  names: Readonly<Record<Axis, string>>,
): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = pixelFont(font, 650);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  for (const axis of AXES) {
    const [x, y] = [bbox.left + 8 * unit, bbox.top + layout[axis].top + 6 * unit];
    ctx.lineJoin = 'round';
    ctx.lineWidth = 4 * unit;
    ctx.strokeStyle = colors.lane;
    ctx.strokeText(names[axis], x, y);
    ctx.fillStyle = colors[`${axis}-text`];
    ctx.fillText(names[axis], x, y);
  }
  ctx.restore();
}

/** A vertical line at the newest step with its name, if something follows it. */
export function drawNow({ plot, colors, layout, font, unit }: LayerContext, x: number, label: string): void {
  const { ctx, bbox } = plot;
  const at = Math.round(plot.valToPos(x, 'x', true)) + 0.5;
  if (at < bbox.left || at > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colors.ink;
  ctx.globalAlpha = 0.7;
  ctx.lineWidth = unit;
  line(ctx, at, bbox.top + layout.valence.top, at, bbox.top + layout.ribbon.bottom);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colors.ink;
  ctx.font = pixelFont(font, 600);
  ctx.textBaseline = 'middle';
  const width = ctx.measureText(label).width;
  ctx.textAlign = 'left';
  ctx.fillText(
    label,
    nowLabelLeft(plot, at, width),
    bbox.top + (layout.titles.top + layout.titles.bottom) / 2,
  );
  ctx.restore();
}

/** Left end of a label `width` wide over the line at `at`, within the plot: all in canvas pixels. */
const nowLabelLeft = ({ bbox }: uPlot, at: number, width: number): number =>
  Math.min(at, bbox.left + bbox.width - width / 2) - width / 2;

/** A vertical line for each session marker, with its number at the bottom of the lanes where that has room. */
export function drawMarkers(
  { plot, colors, layout, font, unit }: LayerContext,
  markers: readonly ChartMarker[],
): void {
  const { ctx, bbox } = plot;
  const top = bbox.top + layout.valence.top;
  const bottom = bbox.top + layout.arousal.bottom;
  const xAt = (px: number) => plot.posToVal(px, 'x', true);
  const from = xAt(bbox.left);
  // As many as can be told apart: thousands cost no more than the chart has room for.
  const apart = xAt(bbox.left + 3 * unit) - from;
  const shown = markerLines(markers, from, xAt(bbox.left + bbox.width), apart).map(({ x, label }) => ({
    at: Math.round(plot.valToPos(x, 'x', true)) + 0.5,
    label,
  }));
  ctx.save();
  ctx.font = pixelFont(font, 600);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  ctx.strokeStyle = colors.accent;
  ctx.lineWidth = 1.5 * unit;
  ctx.beginPath();
  for (const { at } of shown) {
    ctx.moveTo(at, top);
    ctx.lineTo(at, bottom);
  }
  ctx.stroke();
  let free = Number.NEGATIVE_INFINITY;
  const digit = ctx.measureText('0').width;
  for (const { at, label } of shown) {
    // Its own background keeps the number readable.
    const width = digit * label.length + 8 * unit;
    if (at - width / 2 < free) continue;
    free = at + width / 2;
    ctx.fillStyle = colors.accent;
    ctx.fillRect(at - width / 2, bottom - 17 * unit, width, 17 * unit);
    ctx.fillStyle = colors.surface;
    ctx.fillText(label, at, bottom - 2 * unit);
  }
  ctx.restore();
}

/**
 * Where titles and segments begin: a line through the lanes and, where there is room before the name of the newest step,
 * the title above them. A recording has titles after the moment shown, too.
 */
export function drawTitles(
  context: LayerContext,
  marks: readonly TitleMark[],
  nowX: number,
  nowLabel: string,
  isRecording: boolean,
): void {
  const { plot, colors, layout, font, unit } = context;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = pixelFont(font, 600);
  const nowWidth = ctx.measureText(nowLabel).width;
  const nowLeft = nowLabelLeft(plot, plot.valToPos(nowX, 'x', true), nowWidth);
  const right = isRecording ? bbox.left + bbox.width : nowLeft;
  ctx.font = pixelFont(font, 500);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.lineWidth = unit;
  marks.forEach(({ x, title }, i) => {
    const at = Math.round(plot.valToPos(x, 'x', true)) + 0.5;
    const next = marks[i + 1];
    let end = Math.min(right, next === undefined ? right : plot.valToPos(next.x, 'x', true));
    if (end < bbox.left || at > right) return;
    ctx.strokeStyle = colors.muted;
    ctx.setLineDash(title === null ? [2 * unit, 3 * unit] : []);
    if (at >= bbox.left) line(ctx, at, bbox.top, at, bbox.top + layout.ribbon.bottom);
    let start = Math.max(at, bbox.left) + 6 * unit;
    if (isRecording && nowLeft < end && nowLeft + nowWidth > start) {
      if (nowLeft - start > nowWidth) end = nowLeft;
      else start = nowLeft + nowWidth + 6 * unit;
    }
    const text = title === null ? null : fitted(ctx, title, end - start - 6 * unit);
    if (text === null) return;
    ctx.fillStyle = colors.ink;
    ctx.fillText(text, start, bbox.top + (layout.titles.top + layout.titles.bottom) / 2);
  });
  ctx.restore();
}

/** `text`, shortened to `width` pixels; null if not even its beginning fits. */
export function fitted(ctx: CanvasRenderingContext2D, text: string, width: number): string | null {
  if (ctx.measureText(text).width <= width) return text;
  for (let length = text.length - 1; length >= 4; length--) {
    const short = `${text.slice(0, length).trimEnd()}…`;
    if (ctx.measureText(short).width <= width) return short;
  }
  return null;
}

export function line(ctx: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
