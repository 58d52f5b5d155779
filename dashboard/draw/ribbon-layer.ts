import { moodWord } from '../state/mood-name.ts';
import type { Palette } from './canvas.ts';
import type { RibbonSpan } from './ribbon.ts';
import { type LayerContext, line, pixelFont } from './timeline-layers.ts';

/** Distance between the lines of a hatching, in CSS pixels. */
const HATCH = 6;

/** The ribbon: each span in its color or pattern, with its label where that fits. */
export function drawRibbon(
  { plot, colors, layout, font, unit }: LayerContext,
  spans: readonly RibbonSpan[],
): void {
  const { ctx, bbox } = plot;
  const top = bbox.top + layout.ribbon.top;
  const height = layout.ribbon.bottom - layout.ribbon.top;
  const pixel = (x: number): number =>
    Math.max(bbox.left, Math.min(bbox.left + bbox.width, plot.valToPos(x, 'x', true)));
  ctx.save();
  ctx.font = pixelFont(font, 550);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.lineWidth = unit;
  for (const { from, to, label } of spans) {
    const [left, right] = [pixel(from), pixel(to)];
    if (right <= left) continue;
    fillSpan({ ctx, colors, unit }, label, left, top, right - left, height);
    const name = moodWord(label);
    if (ctx.measureText(name).width + 10 * unit > right - left) continue;
    ctx.fillStyle = label === 'no data' || label === 'uncertain' ? colors.muted : colors.ink;
    ctx.fillText(name, (left + right) / 2, top + height / 2 + unit);
  }
  ctx.restore();
}

/** Moods have colors, activities have patterns, and nothing is an empty frame. */
function fillSpan(
  { ctx, colors, unit }: Pick<LayerContext, 'colors' | 'unit'> & { readonly ctx: CanvasRenderingContext2D },
  label: string,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  if (label === 'no data') {
    ctx.strokeStyle = colors.inactive;
    ctx.setLineDash([2 * unit, 3 * unit]);
    line(ctx, x, y + unit / 2, x + width, y + unit / 2);
    line(ctx, x, y + height - unit / 2, x + width, y + height - unit / 2);
    ctx.setLineDash([]);
    return;
  }
  ctx.fillStyle = colors[`mood-${label}` as keyof Palette] ?? colors.track;
  ctx.fillRect(x, y, width, height);
  if (label === 'speech') hatch(ctx, x, y, width, height, HATCH * unit, colors.inactive);
  if (label === 'silence') {
    ctx.strokeStyle = colors.inactive;
    line(ctx, x, y + height / 2, x + width, y + height / 2);
  }
}

function hatch(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  step: number,
  color: string,
): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.strokeStyle = color;
  ctx.globalAlpha = 0.55;
  // At multiples of the step, so that the pattern stands still while the span grows.
  for (let at = Math.floor(x / step) * step - height; at < x + width; at += step)
    line(ctx, at, y + height, at + height, y);
  ctx.restore();
}
