import { AXES } from '../../src/frame-fields.ts';
import type { Forecast } from '../../src/types.ts';
import { firstAfter, type Part, type TimeRange } from '../state/steps.ts';
import type { Palette } from './canvas.ts';

/** The lanes end at ± this. */
export const LIMIT = 0.6;
/** Between the lanes, as a share of the height. */
const GAP = 0.1;

/**
 * Both axes in two small lanes, valence above. `ahead`: the forecasts that continue the lines up to the end of the
 * range, after a dot at the newest step; null: that step is not what plays now, and has no dot. `unit`: a CSS pixel of
 * a usual screen in canvas pixels.
 */
export function drawSparkline(
  ctx: CanvasRenderingContext2D,
  parts: readonly Part[],
  range: TimeRange,
  colors: Palette,
  unit: number,
  ahead: readonly Forecast[] | null,
): void {
  const { width, height } = ctx.canvas;
  const lineWidth = Math.max(1.75 * unit, Math.min(height / 40, 3 * unit));
  const dot = 1.7 * lineWidth;
  const lane = (height * (1 - GAP)) / 2;
  const px = (x: number): number => ((x - range.from) / (range.to - range.from)) * (width - dot);
  ctx.clearRect(0, 0, width, height);
  ctx.lineJoin = 'round';
  AXES.forEach((axis, row) => {
    const top = row * (lane + GAP * height);
    const py = (value: number): number => {
      const share = (LIMIT - Math.max(-LIMIT, Math.min(LIMIT, value))) / (2 * LIMIT);
      return top + dot + share * (lane - 2 * dot);
    };
    ctx.fillStyle = colors.lane;
    ctx.fillRect(0, top, width, lane);
    ctx.strokeStyle = colors.line;
    ctx.lineWidth = unit;
    ctx.beginPath();
    ctx.moveTo(0, Math.round(py(0)) + 0.5);
    ctx.lineTo(width, Math.round(py(0)) + 0.5);
    ctx.stroke();
    ctx.strokeStyle = colors[axis];
    ctx.fillStyle = colors[axis];
    ctx.lineWidth = lineWidth;
    ctx.beginPath();
    let before = Number.NaN;
    let newest = Number.NaN;
    // The last mean may end well before the single steps that follow: audio is missing where it would be between means.
    let reach = 0;
    for (const { steps, from, to } of parts) {
      const last = firstAfter(steps, to);
      for (let i = firstAfter(steps, from); i < last; i++) {
        const x = steps.x(i);
        newest = steps[axis](i);
        if (!steps.isMusic(i)) {
          before = Number.NaN;
          continue;
        }
        if (x - before <= Math.max(reach, steps.gapBefore(i))) ctx.lineTo(px(x), py(newest));
        else ctx.moveTo(px(x), py(newest));
        before = x;
        reach = 0;
      }
      reach = steps.gapSeconds;
    }
    ctx.stroke();
    if (Number.isNaN(newest) || ahead === null) return;
    if (ahead.length > 0) {
      ctx.setLineDash([1.5 * lineWidth, 1.8 * lineWidth]);
      ctx.beginPath();
      ctx.moveTo(px(before), py(newest));
      for (const point of ahead) ctx.lineTo(px(before + point.horizon), py(point[axis]));
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.beginPath();
    ctx.arc(px(before), py(newest), dot, 0, 2 * Math.PI);
    ctx.fill();
  });
}
