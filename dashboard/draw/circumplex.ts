import { Z90 } from '../../src/frame-fields.ts';
import type { StepRing } from '../state/step-ring.ts';
import type { SceneTarget } from '../state/target.ts';
import { lineUnit, type Palette } from './canvas.ts';
import {
  AROUSAL,
  AROUSAL_SD,
  FORECAST,
  HAS_FORECAST,
  HORIZONS,
  KNOWN,
  LIMIT,
  PER_HORIZON,
  VALENCE,
  VALENCE_SD,
} from './circumplex-animation.ts';
import { drawPresentTarget, drawTargetPath } from './target-layer.ts';

export const TRAIL_STEPS = 120;
const TRAIL_BANDS = 15;
/** The moving point lags this far behind the newest step: the trail ends at the point. */
const TRAIL_LAG_STEPS = 1.5;
const FULL_CIRCLE = 2 * Math.PI;

/** Radius of the inset, as a share of the canvas's width, and its distance from the plane's corner. */
const INSET_RADIUS = 0.085;
const INSET_MARGIN = 0.022;

/** Margin around the plane as a share of the canvas's width; the same as `--plane-inset` in plane.css. */
const PLANE_INSET = 0.055;

/**
 * Draws the moving part of the plane: forecast, trail, uncertainty, point. `values` are those of a
 * CircumplexAnimation. The grid and the labels are HTML and SVG behind this canvas.
 */
export function drawCircumplex(
  context: CanvasRenderingContext2D,
  values: Float64Array,
  ring: StepRing | null,
  colors: Palette,
  target: SceneTarget | null,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const unit = (width * (1 - 2 * PLANE_INSET)) / (2 * values[LIMIT]!);
  const px = (valence: number): number => width / 2 + valence * unit;
  const py = (arousal: number): number => height / 2 - arousal * unit;
  // Sizes are relative to the plane, so that lines and dots keep their weight on a wall display.
  const dot = Math.max(width / 46, 7 * lineUnit());
  const known = values[KNOWN]!;
  const forecast = values[HAS_FORECAST]!;
  const x = px(values[VALENCE]!);
  const y = py(values[AROUSAL]!);

  context.save();
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.beginPath();
  const edge = width * PLANE_INSET;
  context.rect(edge, edge, width - 2 * edge, height - 2 * edge);
  context.clip();
  const nowX = ring === null || ring.length === 0 ? Number.NaN : ring.x(ring.length - 1);
  if (target !== null) drawTargetPath(context, { px, py, dot }, target, nowX, colors);
  // No emotion is known yet.
  if (ring === null || Number.isNaN(values[VALENCE]!)) {
    context.restore();
    return;
  }
  if (forecast > 0.01) drawIntervals();
  if (known > 0.01) drawUncertainty();
  drawTrail();
  if (target !== null) drawPresentTarget(context, { px, py, dot }, target, nowX, colors);
  if (forecast > 0.01) drawForecastPath();
  drawPoint();
  drawInset();
  context.restore();

  /** The 90 % intervals of all horizons over each other: nearer ones are denser. */
  function drawIntervals(): void {
    context.fillStyle = colors.accent;
    context.strokeStyle = colors.accent;
    for (let h = 0; h < HORIZONS; h++) {
      const at = FORECAST + h * PER_HORIZON;
      context.beginPath();
      context.ellipse(
        px(values[at + 2]!),
        py(values[at + 3]!),
        Math.abs(values[at + 4]! * unit),
        Math.abs(values[at + 5]! * unit),
        0,
        0,
        FULL_CIRCLE,
      );
      context.globalAlpha = 0.035 * forecast;
      context.fill();
      if (h === HORIZONS - 1) {
        context.globalAlpha = 0.6 * forecast;
        context.lineWidth = dot / 9;
        context.setLineDash([dot / 4, dot / 2.2]);
        context.stroke();
        context.setLineDash([]);
      }
    }
  }

  /** One stroke per 4 s of age: strokes of single steps would show a dot at every joint. */
  function drawTrail(): void {
    if (ring === null || ring.length === 0) return;
    const newest = ring.x(ring.length - 1);
    context.strokeStyle = colors.accent;
    context.lineWidth = dot / 3.4;
    context.lineCap = 'butt';
    let i = ring.length - 1;
    while (i > 0 && newest - ring.x(i) < TRAIL_LAG_STEPS * ring.stepSeconds) i--;
    let penDown = ring.isMusic(i) && (i === ring.length - 1 || ring.isMusic(i + 1));
    let atX = x;
    let atY = y;
    for (let band = 0; band < TRAIL_BANDS; band++) {
      const untilAge = ((band + 1) / TRAIL_BANDS) * TRAIL_STEPS * ring.stepSeconds;
      context.globalAlpha = 0.8 * (1 - band / TRAIL_BANDS) ** 1.5;
      context.beginPath();
      context.moveTo(atX, atY);
      for (; i >= 0 && newest - ring.x(i) <= untilAge; i--) {
        const gap = i + 1 < ring.length && ring.x(i + 1) - ring.x(i) > ring.gapBefore(i + 1);
        const music = ring.isMusic(i);
        if (music) {
          atX = px(ring.valence(i));
          atY = py(ring.arousal(i));
          if (penDown && !gap) context.lineTo(atX, atY);
          else context.moveTo(atX, atY);
        }
        penDown = music;
      }
      context.stroke();
    }
    context.lineCap = 'round';
  }

  /** The 90 % interval, like those of the forecast, so that the two can be compared. */
  function drawUncertainty(): void {
    context.beginPath();
    context.ellipse(
      x,
      y,
      Z90 * values[VALENCE_SD]! * unit,
      Z90 * values[AROUSAL_SD]! * unit,
      0,
      0,
      FULL_CIRCLE,
    );
    context.globalAlpha = 0.13 * known;
    context.fillStyle = colors.accent;
    context.fill();
    context.globalAlpha = 0.75 * known;
    context.strokeStyle = colors.accent;
    context.lineWidth = dot / 8;
    context.stroke();
  }

  /** Through the forecasts of all horizons. */
  function drawForecastPath(): void {
    context.globalAlpha = forecast;
    context.strokeStyle = colors.ink;
    context.fillStyle = colors.ink;
    context.lineWidth = dot / 6;
    context.beginPath();
    context.moveTo(x, y);
    for (let h = 0; h < HORIZONS; h++) {
      const at = FORECAST + h * PER_HORIZON;
      context.lineTo(px(values[at]!), py(values[at + 1]!));
    }
    context.stroke();
    const tip = FORECAST + (HORIZONS - 1) * PER_HORIZON;
    context.beginPath();
    context.arc(px(values[tip]!), py(values[tip + 1]!), dot / 3.2, 0, FULL_CIRCLE);
    context.fill();
  }

  /** Filled while the emotion is current, else an empty gray ring. */
  function drawPoint(): void {
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(x, y, dot, 0, FULL_CIRCLE);
    context.fillStyle = colors.surface;
    context.fill();
    context.beginPath();
    context.arc(x, y, dot * 0.78, 0, FULL_CIRCLE);
    context.fillStyle = colors.accent;
    context.globalAlpha = known;
    context.fill();
    context.globalAlpha = 1 - known;
    context.strokeStyle = colors.inactive;
    context.lineWidth = dot / 4;
    context.stroke();
  }

  /** The whole circle in the lower left corner, with the plane's square and the point in it. */
  function drawInset(): void {
    const radius = width * INSET_RADIUS;
    const centerX = edge + width * INSET_MARGIN + radius;
    const centerY = height - centerX;
    context.globalAlpha = 0.9;
    context.fillStyle = colors.surface;
    context.strokeStyle = colors['line-strong'];
    context.lineWidth = Math.max(lineUnit(), dot / 12);
    context.beginPath();
    context.arc(centerX, centerY, radius, 0, FULL_CIRCLE);
    context.fill();
    context.stroke();
    const half = radius * Math.min(1, values[LIMIT]!);
    context.globalAlpha = 1;
    context.strokeStyle = colors.muted;
    context.strokeRect(centerX - half, centerY - half, 2 * half, 2 * half);
    context.fillStyle = known > 0.5 ? colors.accent : colors.inactive;
    context.beginPath();
    context.arc(
      centerX + radius * values[VALENCE]!,
      centerY - radius * values[AROUSAL]!,
      Math.max(2.5 * lineUnit(), dot / 3.4),
      0,
      FULL_CIRCLE,
    );
    context.fill();
  }
}
