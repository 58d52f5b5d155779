import { AXES, type Axis } from '../../src/frame-fields.ts';
import type { Curve } from './curve.ts';
import { type CurvePart, curveParts } from './curve-parts.ts';
import { LOST_SECONDS } from './step-ring.ts';

/** Means of a session over its time with music; null without any. */
export interface SessionMeans extends Readonly<Record<Axis, number | null>> {
  /** Share of the rows with music: 0 … 1. */
  readonly music: number;
}

/** The same time since the start of two sessions. */
export interface ComparedPart {
  /** Seconds since the start of each. */
  readonly at: number;
  readonly a: CurvePart | undefined;
  readonly b: CurvePart | undefined;
}

/** Lengths of parts in seconds. */
const LENGTHS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Length of the longer session in seconds. */
export const longest = (recordings: readonly Curve[]): number =>
  recordings.reduce((most, { startMs, endMs }) => Math.max(most, (endMs - startMs) / 1000), 1);

/** A round length of which at most `count` parts cover both; no shorter than what one row of either covers. */
export function partSeconds(recordings: readonly Curve[], count: number): number {
  const least = Math.max(longest(recordings) / count, ...recordings.map(({ stepSeconds }) => stepSeconds));
  return LENGTHS.find((length) => length >= least) ?? Math.ceil(least / 86_400) * 86_400;
}

/** Between parts of `stepMs` whose middles are further apart than this (ms), data is missing: single steps may be late. */
export const partGapMs = (stepMs: number): number => stepMs + Math.max(stepMs / 2, LOST_SECONDS * 1000);

/** Both sessions, aligned at their starts, in equal parts. */
export function comparedParts(a: Curve, b: Curve, seconds: number): ComparedPart[] {
  const [ofA, ofB] = [a, b].map(
    (curve) => new Map(curveParts(curve, seconds).map((part) => [part.at, part])),
  );
  const times = [...new Set([...ofA!.keys(), ...ofB!.keys()])].sort((one, other) => one - other);
  return times.map((at) => ({ at, a: ofA!.get(at), b: ofB!.get(at) }));
}

export function meansOf({ rows }: Pick<Curve, 'rows'>): SessionMeans {
  const music = rows.filter(({ valence, arousal }) => valence !== null && arousal !== null);
  const mean = (axis: Axis) =>
    music.length === 0 ? null : music.reduce((sum, row) => sum + row[axis]!, 0) / music.length;
  const [valence, arousal] = AXES.map(mean);
  return {
    valence: valence!,
    arousal: arousal!,
    music: rows.length === 0 ? 0 : music.length / rows.length,
  };
}

/** `b` − `a`; null if one is not known. */
export const difference = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a == null || b == null ? null : b - a;
