import type { Axis } from '../../src/frame-fields.ts';
import type { EmotionFrame } from '../../src/types.ts';

/** A threshold of one stream that lights when it is passed. */
export interface Cue {
  readonly axis: Axis;
  readonly side: 'above' | 'below';
  /** −1 … 1. */
  readonly value: number;
}

export type Cues = Readonly<Record<string, readonly Cue[]>>;

/** Whether a frame passes a cue; without music it passes none. */
export function isLit({ axis, side, value }: Cue, frame: EmotionFrame | null): boolean {
  const now = frame?.[axis] ?? null;
  if (now === null) return false;
  return side === 'above' ? now > value : now < value;
}

export const cueName = ({ axis, side, value }: Cue): string =>
  `${axis} ${side} ${value < 0 ? '−' : value > 0 ? '+' : ''}${Math.abs(value).toFixed(1)}`;

/** Cues of an unknown value; what is not a cue is left out. */
export function parseCues(value: unknown): Cues {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).map(([stream, list]) => [stream, Array.isArray(list) ? list.filter(isCue) : []]),
  );
}

function isCue(value: unknown): value is Cue {
  const { axis, side, value: at } = (value ?? {}) as Partial<Cue>;
  const known = (axis === 'valence' || axis === 'arousal') && (side === 'above' || side === 'below');
  return known && typeof at === 'number' && Math.abs(at) <= 1;
}
