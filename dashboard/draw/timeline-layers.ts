import uPlot from 'uplot';
import type { ChartMarker } from '../state/scene.ts';
import type { StepRing } from '../state/step-ring.ts';
import type { Palette } from './canvas.ts';

/** What a shaded time is labeled with. */
type Label = 'silence' | 'speech' | 'no data';

/** Shades and labels the time without music, and the time without steps. */
export function shadeNonMusic(
  plot: uPlot,
  ring: StepRing | null,
  seconds: number,
  colors: Palette,
  font: string,
): void {
  if (ring === null || ring.length === 0) return;
  const { left, top, width, height } = plot.bbox;
  const newest = ring.x(ring.length - 1);
  const ratio = uPlot.pxRatio;
  const pixel = (x: number): number =>
    Math.max(left, Math.min(left + width, plot.valToPos(x - newest, 'x', true)));
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = colors.muted;
  ctx.strokeStyle = colors.inactive;
  ctx.lineWidth = ratio;
  ctx.font = pixelFont(font, 500);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  const shade = (from: number, to: number, label: Label) => {
    if (to <= newest - seconds) return;
    const [x, end] = [pixel(from), pixel(to)];
    ctx.globalAlpha = 0.12;
    if (label !== 'no data') ctx.fillRect(x, top, end - x, height);
    ctx.globalAlpha = 1;
    if (label === 'no data') {
      ctx.setLineDash([2 * ratio, 3 * ratio]);
      ctx.strokeRect(x, top, end - x, height);
      ctx.setLineDash([]);
    }
    if (ctx.measureText(label).width + 6 * ratio < end - x)
      ctx.fillText(label, (x + end) / 2, top + 4 * ratio);
  };
  let from = 0;
  let label: Label | null = null;
  for (let i = 0; i <= ring.length; i++) {
    const before = i > 0 ? ring.x(i - 1) : Number.NaN;
    const activity = i < ring.length ? ring.activity(i) : null;
    const isHole = activity !== null && ring.x(i) - before > ring.gapSeconds;
    const now = activity === 'music' ? null : activity;
    if (label !== null && (now !== label || isHole)) {
      shade(from, before, label);
      label = null;
    }
    if (isHole) shade(before, ring.x(i) - ring.stepSeconds, 'no data');
    if (label === null && now !== null) {
      from = ring.x(i) - ring.stepSeconds;
      label = now;
    }
  }
  ctx.restore();
}

/** A CSS font in canvas pixels. */
const pixelFont = (font: string, weight: number): string =>
  font.replace(/^(\d+)px/, (_, size: string) => `${weight} ${Number(size) * uPlot.pxRatio}px`);

/** A vertical line at the newest step. */
export function drawNow(plot: uPlot, color: string): void {
  const x = Math.round(plot.valToPos(0, 'x', true)) + 0.5;
  const { top, height } = plot.bbox;
  plot.ctx.save();
  plot.ctx.strokeStyle = color;
  plot.ctx.globalAlpha = 0.55;
  plot.ctx.lineWidth = uPlot.pxRatio;
  plot.ctx.beginPath();
  plot.ctx.moveTo(x, top);
  plot.ctx.lineTo(x, top + height);
  plot.ctx.stroke();
  plot.ctx.restore();
}

/** A vertical line for each marker, with its number at the bottom. */
export function drawMarkers(
  plot: uPlot,
  ring: StepRing | null,
  seconds: number,
  markers: readonly ChartMarker[],
  colors: Palette,
  font: string,
): void {
  if (ring === null || ring.length === 0) return;
  const newest = ring.x(ring.length - 1);
  const { top, height } = plot.bbox;
  const { ctx } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.font = pixelFont(font, 600);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  for (const { x, label } of markers) {
    const at = x - newest;
    if (at < -seconds || at > 0) continue;
    const px = Math.round(plot.valToPos(at, 'x', true)) + 0.5;
    ctx.strokeStyle = colors.accent;
    ctx.lineWidth = 1.5 * ratio;
    ctx.beginPath();
    ctx.moveTo(px, top);
    ctx.lineTo(px, top + height);
    ctx.stroke();
    // Its own background keeps the number readable.
    const width = ctx.measureText(label).width + 8 * ratio;
    ctx.fillStyle = colors.accent;
    ctx.fillRect(px - width / 2, top + height - 17 * ratio, width, 17 * ratio);
    ctx.fillStyle = colors.surface;
    ctx.fillText(label, px, top + height - 2 * ratio);
  }
  ctx.restore();
}
