import { AXES, type Axis } from '../../src/frame-fields.ts';
import { firstAfter, type Part, type TimeRange } from '../state/steps.ts';
import { lineUnit, type Palette } from './canvas.ts';
import { timeTicks } from './time-ticks.ts';

export interface OverviewStripOptions {
  readonly range: TimeRange;
  /** What the chart shows of it. */
  readonly shown: TimeRange;
  readonly parts: readonly Part[];
  readonly colors: Palette;
  /** CSS font of the times. */
  readonly font: string;
}

/** The values at the top and the bottom of the strip. */
const LIMIT = 0.8;
/** Least width of the frame in CSS pixels, so that it can be seen and grabbed. */
const MIN_FRAME = 6;

/** Both axes as thin lines, the chart's time in a frame, and a few clock times. */
export function drawOverviewStrip(ctx: CanvasRenderingContext2D, options: OverviewStripOptions): void {
  const { range, shown, parts, colors, font } = options;
  const { width, height } = ctx.canvas;
  const ratio = lineUnit();
  const px = (x: number): number => ((x - range.from) / (range.to - range.from)) * width;
  ctx.clearRect(0, 0, width, height);
  ctx.fillStyle = colors.lane;
  ctx.fillRect(0, 0, width, height);
  const frame = Math.max(MIN_FRAME * ratio, px(shown.to) - px(shown.from));
  const left = Math.max(0, Math.min(width - frame, px(shown.to) - frame));
  ctx.fillStyle = colors.track;
  ctx.fillRect(left, 0, frame, height);
  ctx.lineJoin = 'round';
  for (const axis of AXES) drawAxis(axis);
  ctx.fillStyle = colors.muted;
  ctx.font = font.replace(/([\d.]+)px/, (_, size: string) => `${Number(size) * devicePixelRatio}px`);
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'center';
  for (const { x, label } of timeTicks(range, Math.max(2, width / ratio / 110))) {
    const half = ctx.measureText(label).width / 2 + 2 * ratio;
    if (px(x) > half && px(x) < width - half) ctx.fillText(label, px(x), height - ratio);
  }
  ctx.strokeStyle = colors.accent;
  ctx.lineWidth = 1.5 * ratio;
  ctx.strokeRect(left + 0.75 * ratio, 0.75 * ratio, frame - 1.5 * ratio, height - 1.5 * ratio);

  function drawAxis(axis: Axis): void {
    ctx.strokeStyle = colors[axis];
    ctx.lineWidth = 1.25 * ratio;
    ctx.setLineDash(axis === 'arousal' ? [4 * ratio, 2 * ratio] : []);
    ctx.beginPath();
    let before = Number.NaN;
    let end = 0;
    for (const { steps, from, to } of parts) {
      const last = firstAfter(steps, to);
      for (let i = firstAfter(steps, from); i < last; i++) {
        const x = steps.x(i);
        // Single steps between means are more than the strip has pixels.
        if (x - end < (range.to - range.from) / width) continue;
        if (!steps.isMusic(i)) {
          before = Number.NaN;
          continue;
        }
        const y = ((LIMIT - steps[axis](i)) / (2 * LIMIT)) * height;
        if (x - before <= Math.max(steps.gapBefore(i), (3 * (range.to - range.from)) / width))
          ctx.lineTo(px(x), y);
        else ctx.moveTo(px(x), y);
        before = x;
        end = x;
      }
    }
    ctx.stroke();
    ctx.setLineDash([]);
  }
}
