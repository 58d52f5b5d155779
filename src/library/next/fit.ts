import { partsOf } from '../analysis/curve.ts';
import type { Point } from '../answers.ts';
import { distanceParts } from '../distance.ts';
import { camelotSteps } from '../music/musical-key.ts';
import type { Ending } from '../passages.ts';
import type { LibraryTrack } from '../store/library-track.ts';
import type { Arc } from './arc.ts';

/** What is known of the music that plays now. */
export interface Playing {
  /** The newest reading, with its forecast. */
  readonly reading: Pick<Ending, 'valence' | 'arousal' | 'valenceSd' | 'arousalSd' | 'forecast'>;
  readonly track?: Pick<LibraryTrack, 'bpm' | 'key' | 'artist' | 'title' | 'hash'> | undefined;
}

/** How well a track follows: costs in squared standard deviations, 0 for a perfect fit. */
export interface Fit {
  /** How far the opening is from where the music is heading. */
  readonly continuity: number;
  readonly direction: number;
  readonly tempo: TempoFit;
  readonly key: KeyFit;
  readonly sameArtist: boolean;
  /** The sum, with what the uncertainty of the opening costs. */
  readonly cost: number;
}

export interface TempoFit {
  readonly cost: number;
  /** Tempo of the candidate over that of the track that plays, at the multiple named; null if one is unknown. */
  readonly ratio: number | null;
  /** 1, or 2 and 0.5 for a candidate of about double or half the tempo. */
  readonly multiple: number;
}

export interface KeyFit {
  readonly cost: number;
  /** On the Camelot wheel; null if a key is unknown. */
  readonly steps: number | null;
}

/**
 * What the uncertainty of an opening costs where it is that of the reading and the forecast adds as much: about the cost
 * of a track that fits perfectly. See distance.ts.
 */
export const BEST_COST: number = Math.log(1.5);
/** A track that is this far from the target throughout costs as much as one that opens one standard deviation off. */
const DIRECTION_SD = 0.1;
/** Equal parts of a track that are compared with an arc. */
export const ARC_PARTS = 8;
/** A tempo that differs by this share costs 1, unless another tolerance is given. */
export const TEMPO_TOLERANCE = 0.06;
/** No tempo or key costs more than this: mixing across them is a matter of taste. */
const MAX_TEMPO_COST = 4;
const KEY_COST = 1;
/** Of an unknown tempo or key: between a match and a clash. */
const UNKNOWN_COST = 0.5;
const SAME_ARTIST_COST = 0.5;

export function fitOf(
  playing: Playing,
  track: LibraryTrack,
  arc: Arc | undefined,
  tempoTolerance: number | undefined,
): Fit {
  const { mismatch: continuity, doubt } = distanceParts(playing.reading, track.opening.path);
  const direction = arc ? deviation(partsOf(track.curve, ARC_PARTS), track.seconds, arc, 0) : 0;
  const tempo = tempoFit(playing.track?.bpm, track.bpm, tempoTolerance);
  const key = keyFit(playing.track?.key, track.key);
  const artist = playing.track?.artist;
  const sameArtist = artist != null && artist.toLowerCase() === track.artist?.toLowerCase();
  const cost = continuity + doubt + direction + tempo.cost + key.cost + (sameArtist ? SAME_ARTIST_COST : 0);
  return { continuity, direction, tempo, key, sameArtist, cost };
}

/**
 * How far a track that begins at `startSeconds` of an arc is from it: the mean square over its parts and both axes, in
 * units of DIRECTION_SD².
 *
 * @param parts of equal length
 */
export function deviation(parts: readonly Point[], seconds: number, arc: Arc, startSeconds: number): number {
  const squares = parts.map(({ valence, arousal }, i) => {
    const wanted = arc(startSeconds + (seconds * (i + 0.5)) / parts.length);
    return ((valence - wanted.valence) ** 2 + (arousal - wanted.arousal) ** 2) / 2;
  });
  return squares.reduce((sum, square) => sum + square, 0) / parts.length / DIRECTION_SD ** 2;
}

/** @param tolerance a share: a track that much faster costs 1 */
export function tempoFit(
  from: number | null | undefined,
  to: number | null | undefined,
  tolerance = TEMPO_TOLERANCE,
): TempoFit {
  if (from == null || to == null) return { cost: UNKNOWN_COST, ratio: null, multiple: 1 };
  const off = (multiple: number) => Math.abs(Math.log(to / (multiple * from)));
  const multiple = [1, 2, 0.5].reduce((best, one) => (off(one) < off(best) ? one : best));
  const cost = Math.min(MAX_TEMPO_COST, (off(multiple) / Math.log1p(tolerance)) ** 2);
  return { cost, ratio: to / (multiple * from), multiple };
}

export function keyFit(from: LibraryTrack['key'] | undefined, to: LibraryTrack['key'] | undefined): KeyFit {
  if (!from || !to) return { cost: UNKNOWN_COST * KEY_COST, steps: null };
  const steps = camelotSteps(from, to);
  return { cost: steps <= 1 ? 0 : KEY_COST, steps };
}
