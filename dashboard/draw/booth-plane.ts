import type { EmotionFrame } from '../../src/types.ts';
import type { StepRing } from '../state/step-ring.ts';
import { lineUnit, type Palette } from './canvas.ts';

/** One deck on the plane; `frame` is null while it has no emotion. */
export interface PlaneDeck {
  /** As on the deck: "1". */
  readonly label: string;
  readonly ring: StepRing;
  readonly frame: EmotionFrame | null;
  readonly active: boolean;
}

export interface BoothPlaneOptions {
  readonly decks: readonly PlaneDeck[];
  /** The plane ends at ± this. */
  readonly limit: number;
  readonly colors: Palette;
  /** CSS font of the labels. */
  readonly font: string;
}

/** Steps of each trail: half a minute. */
export const BOOTH_TRAIL_STEPS = 60;
const MARGIN = 0.035;
const FULL_CIRCLE = 2 * Math.PI;

/** All decks on one plane: where they are, where they come from, where they will be, and the cuts from the active one. */
export function drawBoothPlane(ctx: CanvasRenderingContext2D, options: BoothPlaneOptions): void {
  const { decks, limit, colors, font } = options;
  const { width, height } = ctx.canvas;
  const ratio = lineUnit();
  const edge = width * MARGIN;
  const unit = (width - 2 * edge) / (2 * limit);
  const px = (valence: number): number => width / 2 + valence * unit;
  const py = (arousal: number): number => height / 2 - arousal * unit;
  const dot = Math.max(width / 30, 11 * ratio);
  ctx.clearRect(0, 0, width, height);
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  drawGrid();
  const active = decks.find(({ active }) => active);
  // The active deck last: on top of the others.
  const ordered = [...decks].sort((a, b) => Number(a.active) - Number(b.active));
  for (const deck of ordered) drawTrail(deck);
  for (const deck of ordered) if (deck !== active) drawCut(deck);
  for (const deck of ordered) drawPoint(deck);

  function drawGrid(): void {
    ctx.strokeStyle = colors.grid;
    ctx.lineWidth = ratio;
    for (let at = -0.8; at < 0.9; at += 0.2) {
      if (Math.abs(at) > limit) continue;
      segment(px(at), edge, px(at), height - edge);
      segment(edge, py(at), width - edge, py(at));
    }
    ctx.strokeStyle = colors['line-strong'];
    segment(px(0), edge, px(0), height - edge);
    segment(edge, py(0), width - edge, py(0));
  }

  function drawTrail({ ring, active: isActive }: PlaneDeck): void {
    ctx.strokeStyle = isActive ? colors.accent : colors.muted;
    ctx.lineWidth = dot / (isActive ? 4 : 6);
    const first = Math.max(1, ring.length - BOOTH_TRAIL_STEPS);
    for (let i = first; i < ring.length; i++) {
      if (!ring.isMusic(i) || !ring.isMusic(i - 1) || ring.x(i) - ring.x(i - 1) > ring.gapBefore(i)) continue;
      ctx.globalAlpha = 0.75 * ((i - first) / BOOTH_TRAIL_STEPS) ** 1.3;
      segment(px(ring.valence(i - 1)), py(ring.arousal(i - 1)), px(ring.valence(i)), py(ring.arousal(i)));
    }
    ctx.globalAlpha = 1;
  }

  /** A dashed line for the jump of a cut. */
  function drawCut({ frame }: PlaneDeck): void {
    const from = active?.frame;
    if (from?.valence == null || frame?.valence == null) return;
    ctx.strokeStyle = colors.ink;
    ctx.globalAlpha = 0.55;
    ctx.lineWidth = 1.25 * ratio;
    ctx.setLineDash([2 * ratio, 5 * ratio]);
    segment(px(from.valence), py(from.arousal!), px(frame.valence), py(frame.arousal!));
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  function drawPoint({ label, frame, active: isActive }: PlaneDeck): void {
    if (frame?.valence == null) return;
    const [x, y] = [px(frame.valence), py(frame.arousal!)];
    const ahead = frame.forecast.at(-1);
    if (ahead !== undefined) {
      ctx.strokeStyle = isActive ? colors.accent : colors.ink;
      ctx.lineWidth = dot / 6;
      segment(x, y, px(ahead.valence), py(ahead.arousal));
    }
    ctx.beginPath();
    ctx.arc(x, y, dot, 0, FULL_CIRCLE);
    ctx.fillStyle = isActive ? colors.accent : colors.surface;
    ctx.fill();
    ctx.strokeStyle = isActive ? colors.surface : colors.ink;
    ctx.lineWidth = 1.75 * ratio;
    ctx.stroke();
    ctx.fillStyle = isActive ? colors.surface : colors.ink;
    ctx.font = font.replace(/([\d.]+)px/, () => `${1.25 * dot}px`);
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.fillText(label, x, y + dot * 0.07);
  }

  function segment(x: number, y: number, toX: number, toY: number): void {
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(toX, toY);
    ctx.stroke();
  }
}
