import { roundTo } from '../../frame-fields.ts';
import type { NextCandidate, NextReason } from '../answers.ts';
import { camelot, keyName } from '../music/musical-key.ts';
import { fits } from '../rank.ts';
import type { LibraryTrack } from '../store/library-track.ts';
import { pointOf } from '../track-summary.ts';
import { parseTarget } from './arc.ts';
import { BEST_COST, type Fit, fitOf, type Playing } from './fit.ts';
import { reasonText } from './reason-text.ts';
import { reasonsFor } from './reasons.ts';

export interface NextOptions {
  /** A direction, a point or a path: arc.ts. Without it, only continuity counts. */
  readonly target?: string | undefined;
  /** Only tracks whose tempo differs by at most this share, also at double or half time; unknown ones stay. */
  readonly tempo?: number | undefined;
  /** Only the same key and its neighbors on the Camelot wheel; unknown ones stay. */
  readonly keys?: boolean | undefined;
  /** Tracks first whose first emotion is this close to the forecast on both axes: the paper's rule, see rank.ts. */
  readonly tolerance?: number | undefined;
  /** Paths or ids of tracks that were played: they and their copies are left out. */
  readonly exclude?: readonly (string | number)[] | undefined;
  readonly limit?: number | undefined;
}

export const DEFAULT_LIMIT = 10;

/**
 * The tracks of a library that continue best what plays now, best first.
 *
 * @throws UserError `bad-target`
 */
export function chooseNext(
  playing: Playing,
  tracks: readonly LibraryTrack[],
  { target, tempo, keys = false, tolerance, exclude = [], limit = DEFAULT_LIMIT }: NextOptions = {},
): NextCandidate[] {
  const arc = target === undefined ? undefined : parseTarget(target, playing.reading);
  const within = (track: LibraryTrack) =>
    tolerance !== undefined && fits(playing.reading, track.opening, tolerance);
  const allowed = ({ tempo: { ratio }, key: { steps } }: Fit) =>
    (tempo === undefined || ratio === null || Math.abs(Math.log(ratio)) <= Math.log1p(tempo) + 1e-9) &&
    (!keys || steps === null || steps <= 1);
  return withoutRepeats(playing, tracks, exclude)
    .map((track) => ({
      track,
      fit: fitOf(playing, track, arc, tempo),
      first: within(track),
    }))
    .filter(({ fit }) => allowed(fit))
    .sort((a, b) => Number(b.first) - Number(a.first) || a.fit.cost - b.fit.cost)
    .slice(0, limit)
    .map(({ track, fit, first }) => ({
      ...explained(reasonsFor(playing, track, fit, arc, first ? tolerance : undefined)),
      id: track.id,
      path: track.path,
      title: track.title,
      artist: track.artist,
      score: scoreOf(fit.cost),
      bpm: track.bpm,
      key: track.key && keyName(track.key),
      camelot: track.key && camelot(track.key),
      mood: track.mood,
      opening: pointOf(track.opening),
      ending: pointOf(track.ending),
      seconds: track.seconds,
    }));
}

const explained = (why: NextReason[]) => ({ reasons: why.map(reasonText), why });

const scoreOf = (cost: number) => roundTo(Math.min(1, Math.exp((BEST_COST - cost) / 2)), 4);

/** Without what plays, what was played, and second copies: by content, or by title and artist. */
function withoutRepeats(
  playing: Playing,
  tracks: readonly LibraryTrack[],
  exclude: readonly (string | number)[],
): LibraryTrack[] {
  const excluded = new Set(exclude);
  const seen = new Set<string>();
  const namesOf = ({ hash, title, artist }: Pick<LibraryTrack, 'hash' | 'title' | 'artist'>) =>
    title === null || artist === null ? [hash] : [hash, `${artist}\n${title}`.toLowerCase()];
  const see = (track: Parameters<typeof namesOf>[0]) => {
    const names = namesOf(track);
    const isNew = names.every((name) => !seen.has(name));
    for (const name of names) seen.add(name);
    return isNew;
  };
  if (playing.track) see(playing.track);
  for (const track of tracks) if (excluded.has(track.id) || excluded.has(track.path)) see(track);
  return tracks.filter((track) => see(track));
}
