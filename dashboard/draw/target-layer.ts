import { AXES } from '../../src/frame-fields.ts';
import { type SceneTarget, targetAtX } from '../state/target.ts';
import type { Palette } from './canvas.ts';
import type { LayerContext } from './timeline-layers.ts';

/** Where the plane is on its canvas, and the size of its point. */
export interface PlaneScale {
  readonly px: (valence: number) => number;
  readonly py: (arousal: number) => number;
  readonly dot: number;
}

/** The target path on the plane: dotted, with a diamond at the goal. What is over of it is faint. */
export function drawTargetPath(
  context: CanvasRenderingContext2D,
  { px, py, dot }: PlaneScale,
  target: SceneTarget,
  nowX: number,
  colors: Palette,
): void {
  const { path, startX } = target;
  context.save();
  context.strokeStyle = colors.ink;
  context.lineWidth = dot / 4;
  context.lineCap = 'round';
  context.setLineDash([0, dot / 1.7]);
  for (let i = 1; i < path.length; i++) {
    const [from, to] = [path[i - 1]!, path[i]!];
    context.globalAlpha = startX + to.t < nowX && i < path.length - 1 ? 0.3 : 0.85;
    context.beginPath();
    context.moveTo(px(from.valence), py(from.arousal));
    context.lineTo(px(to.valence), py(to.arousal));
    context.stroke();
  }
  context.restore();
  const goal = path.at(-1)!;
  drawDiamond(context, px(goal.valence), py(goal.arousal), dot * 0.75, colors, dot / 7);
}

/** Where the music should be now: a diamond with a cross. */
export function drawPresentTarget(
  context: CanvasRenderingContext2D,
  { px, py, dot }: PlaneScale,
  target: SceneTarget,
  nowX: number,
  colors: Palette,
): void {
  const present = targetAtX(target, nowX);
  if (present === null) return;
  const [x, y, size] = [px(present.valence), py(present.arousal), dot * 1.15];
  drawDiamond(context, x, y, size, colors, dot / 5);
  context.save();
  context.globalAlpha = 1;
  context.strokeStyle = colors.ink;
  context.lineWidth = dot / 7;
  context.beginPath();
  context.moveTo(x - size / 2, y);
  context.lineTo(x + size / 2, y);
  context.moveTo(x, y - size / 2);
  context.lineTo(x, y + size / 2);
  context.stroke();
  context.restore();
}

/** The target on both lanes: dotted, with a diamond where its points are. */
export function drawTargetLanes(
  { plot, colors, layout, limit, unit }: LayerContext,
  target: SceneTarget,
): void {
  const { ctx, bbox } = plot;
  const { path, startX } = target;
  const [min, max] = [plot.scales.x!.min!, plot.scales.x!.max!];
  const last = path.at(-1)!;
  for (const axis of AXES) {
    const { top, bottom } = layout[axis];
    const y = (value: number) =>
      bbox.top + top + ((bottom - top) * (limit - Math.max(-limit, Math.min(limit, value)))) / (2 * limit);
    const x = (t: number) => plot.valToPos(startX + t, 'x', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top + top, bbox.width, bottom - top);
    ctx.clip();
    ctx.strokeStyle = colors.ink;
    ctx.lineWidth = 3 * unit;
    ctx.lineCap = 'round';
    ctx.setLineDash([0, 7 * unit]);
    ctx.beginPath();
    for (const [i, point] of path.entries()) {
      // Far outside, a dotted line would have millions of dots.
      const next = path[i + 1];
      if (next === undefined || startX + next.t < min || startX + point.t > max) continue;
      const clampedT = (t: number) => Math.max(min - startX, Math.min(max - startX, t));
      const at = (t: number) => {
        const share = (t - point.t) / (next.t - point.t);
        return point[axis] + share * (next[axis] - point[axis]);
      };
      const [from, to] = [clampedT(point.t), clampedT(next.t)];
      ctx.moveTo(x(from), y(at(from)));
      ctx.lineTo(x(to), y(at(to)));
    }
    if (startX + last.t < max) {
      ctx.moveTo(x(Math.max(last.t, min - startX)), y(last[axis]));
      ctx.lineTo(bbox.left + bbox.width, y(last[axis]));
    }
    ctx.stroke();
    ctx.setLineDash([]);
    for (const point of path)
      if (startX + point.t >= min && startX + point.t <= max)
        drawDiamond(ctx, x(point.t), y(point[axis]), 5.5 * unit, colors, 1.5 * unit);
    ctx.restore();
  }
}

function drawDiamond(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  colors: Palette,
  lineWidth: number,
): void {
  context.save();
  context.globalAlpha = 1;
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
  context.fillStyle = colors.surface;
  context.fill();
  context.strokeStyle = colors.ink;
  context.lineWidth = lineWidth;
  context.lineJoin = 'miter';
  context.stroke();
  context.restore();
}
