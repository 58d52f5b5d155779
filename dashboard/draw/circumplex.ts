import type { StepRing } from '../state/step-ring.ts';
import {
  AHEAD,
  AROUSAL,
  AROUSAL_SD,
  FORECAST,
  HORIZONS,
  KNOWN,
  PER_HORIZON,
  VALENCE,
  VALENCE_SD,
} from './circumplex-state.ts';
import { Z90 } from './interval.ts';
import type { Palette } from './palette.ts';

const TRAIL_STEPS = 120;
const TRAIL_BANDS = 15;
/** The gliding point is this far behind the newest step: the trail ends where the point is. */
const TRAIL_LAG_STEPS = 1.5;
const ONE_TURN = 2 * Math.PI;

/** Part of the canvas's width left free around the plane of ±1; the style sheet's `--plane-inset` is the same. */
export const PLANE_INSET = 0.055;

/**
 * Draws all that moves on the plane: forecast, trail, uncertainty, point. `values` as laid out in
 * circumplex-state.ts. The grid and the words are HTML and SVG behind this canvas.
 */
export function drawCircumplex(
  context: CanvasRenderingContext2D,
  values: Float64Array,
  ring: StepRing | null,
  colours: Palette,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  // Before any emotion is known there is no place to show.
  if (ring === null || Number.isNaN(values[VALENCE]!)) return;
  const unit = (width * (1 - 2 * PLANE_INSET)) / 2;
  const px = (valence: number): number => width / 2 + valence * unit;
  const py = (arousal: number): number => height / 2 - arousal * unit;
  // Lines and dots keep their weight on a wall display: sizes are parts of the plane, not pixels.
  const dot = Math.max(width / 46, 7 * devicePixelRatio);
  const known = values[KNOWN]!;
  const ahead = values[AHEAD]!;
  const x = px(values[VALENCE]!);
  const y = py(values[AROUSAL]!);

  context.save();
  context.lineCap = 'round';
  context.lineJoin = 'round';
  if (ahead > 0.01) drawIntervals();
  if (known > 0.01) drawUncertainty();
  drawTrail();
  if (ahead > 0.01) drawPathAhead();
  drawPoint();
  context.restore();

  /** The 90 % intervals of all horizons, laid over each other: the nearer, the denser. */
  function drawIntervals(): void {
    context.fillStyle = colours.accent;
    context.strokeStyle = colours.accent;
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
        ONE_TURN,
      );
      context.globalAlpha = 0.035 * ahead;
      context.fill();
      if (h === HORIZONS - 1) {
        context.globalAlpha = 0.6 * ahead;
        context.lineWidth = dot / 9;
        context.setLineDash([dot / 4, dot / 2.2]);
        context.stroke();
        context.setLineDash([]);
      }
    }
  }

  /** One stroke per few seconds of age: strokes of single steps would show a dot at every joint. */
  function drawTrail(): void {
    if (ring === null || ring.length === 0) return;
    const newest = ring.x(ring.length - 1);
    context.strokeStyle = colours.accent;
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
        const hole = i + 1 < ring.length && ring.x(i + 1) - ring.x(i) > ring.holeSeconds;
        const music = ring.isMusic(i);
        if (music) {
          atX = px(ring.valence(i));
          atY = py(ring.arousal(i));
          if (penDown && !hole) context.lineTo(atX, atY);
          else context.moveTo(atX, atY);
        }
        penDown = music;
      }
      context.stroke();
    }
    context.lineCap = 'round';
  }

  /** The same 90 % as the forecast's intervals, so that the two can be compared. */
  function drawUncertainty(): void {
    context.beginPath();
    context.ellipse(x, y, Z90 * values[VALENCE_SD]! * unit, Z90 * values[AROUSAL_SD]! * unit, 0, 0, ONE_TURN);
    context.globalAlpha = 0.13 * known;
    context.fillStyle = colours.accent;
    context.fill();
    context.globalAlpha = 0.75 * known;
    context.strokeStyle = colours.accent;
    context.lineWidth = dot / 8;
    context.stroke();
  }

  function drawPathAhead(): void {
    context.globalAlpha = ahead;
    context.strokeStyle = colours.ink;
    context.fillStyle = colours.ink;
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
    context.arc(px(values[tip]!), py(values[tip + 1]!), dot / 3.2, 0, ONE_TURN);
    context.fill();
  }

  /** Filled where the emotion is known, an empty grey ring where it rests. */
  function drawPoint(): void {
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(x, y, dot, 0, ONE_TURN);
    context.fillStyle = colours.surface;
    context.fill();
    context.beginPath();
    context.arc(x, y, dot * 0.78, 0, ONE_TURN);
    context.fillStyle = colours.accent;
    context.globalAlpha = known;
    context.fill();
    context.globalAlpha = 1 - known;
    context.strokeStyle = colours.rest;
    context.lineWidth = dot / 4;
    context.stroke();
  }
}
