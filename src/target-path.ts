/** A point of a target path. */
export interface TargetPoint {
  /** Seconds since the start of the session. */
  readonly t: number;
  /** −1 … 1 */
  readonly valence: number;
  /** −1 … 1 */
  readonly arousal: number;
}

export type PlanePoint = Omit<TargetPoint, 't'>;

/** A reading at most this far from the target counts as on it. */
export const NEAR_TARGET = 0.2;

/**
 * The target at a moment: linear between the points of its path. Null before the first; the last one holds until the
 * session ends.
 *
 * @param path times rising
 * @param t seconds since the start of the session
 */
export function targetAt(path: readonly TargetPoint[], t: number): PlanePoint | null {
  const [first] = path;
  if (first === undefined || t < first.t) return null;
  const next = path.findIndex((point) => point.t > t);
  const to = path[next];
  const from = path[next < 0 ? path.length - 1 : next - 1]!;
  if (to === undefined) return { valence: from.valence, arousal: from.arousal };
  const share = (t - from.t) / (to.t - from.t);
  return {
    valence: from.valence + share * (to.valence - from.valence),
    arousal: from.arousal + share * (to.arousal - from.arousal),
  };
}

/** Distance on the plane: 0 … 2.83. */
export const planeDistance = (a: PlanePoint, b: PlanePoint): number =>
  Math.hypot(a.valence - b.valence, a.arousal - b.arousal);
