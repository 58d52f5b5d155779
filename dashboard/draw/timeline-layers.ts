import uPlot from 'uplot';
import type { ChartMarker } from '../state/scene.ts';
import type { StepRing } from '../state/step-ring.ts';
import type { Palette } from './canvas.ts';

/** Shades the time without music. */
export function shadeNonMusic(plot: uPlot, ring: StepRing | null, seconds: number, color: string): void {
  if (ring === null || ring.length === 0) return;
  const { left, top, width, height } = plot.bbox;
  const newest = ring.x(ring.length - 1);
  const pixel = (x: number): number => Math.max(left, Math.min(left + width, plot.valToPos(x, 'x', true)));
  plot.ctx.save();
  plot.ctx.fillStyle = color;
  let from: number | null = null;
  for (let i = 0; i <= ring.length; i++) {
    const shaded = i < ring.length && !ring.isMusic(i);
    if (shaded && from === null) from = ring.x(i) - ring.stepSeconds;
    if (!shaded && from !== null) {
      const to = ring.x(i - 1);
      if (to > newest - seconds) {
        plot.ctx.fillRect(pixel(from - newest), top, pixel(to - newest) - pixel(from - newest), height);
      }
      from = null;
    }
  }
  plot.ctx.restore();
}

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
  ctx.font = font.replace(/^(\d+)px/, (_, size: string) => `600 ${Number(size) * ratio}px`);
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
