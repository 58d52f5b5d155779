import { UserError } from '../../user-error.ts';
import { partsOf } from '../analysis/curve.ts';
import { distanceParts } from '../distance.ts';
import type { Arc } from '../next/arc.ts';
import { ARC_PARTS, deviation, keyFit, tempoFit } from '../next/fit.ts';
import type { LibraryTrack } from '../store/library-track.ts';
import { solveMip } from './solve-mip.ts';

export interface SetOptions {
  readonly arc: Arc;
  readonly lengthSeconds: number;
  /** What counts beside the arc: how each opening continues the track before, tempo and key. Default: all of it. */
  readonly transitions?: boolean;
}

/** A track of a set. */
export interface SetTrack {
  readonly track: LibraryTrack;
  /** Seconds since the set began. */
  readonly start: number;
  /** Cost of its deviation from the arc and of the transition into it, in squared standard deviations. */
  readonly deviation: number;
  readonly transition: number;
}

/** A track for a place, and the cost of its deviation from the arc there. */
interface Candidate {
  readonly track: LibraryTrack;
  readonly cost: number;
}

/** Tracks that are considered for each place: those that are nearest to the arc there. */
const CANDIDATES = 10;
/** The length of a set may differ from the wish by this share of an average track. */
const LENGTH_SLACK = 0.6;
/** Tracks shorter than this are jingles, which are left out. */
const MIN_TRACK_SECONDS = 45;

/**
 * Chooses tracks and orders them along an arc, so that the sum of all deviations from the arc and of all transitions is
 * least. It is solved as an integer program: a path through the places of the set, in which each track occurs at most
 * once and the lengths add up to that of the set. Only the tracks nearest to the arc are considered for each place.
 *
 * @throws UserError `too-few-tracks`
 */
export async function orderSet(
  library: readonly LibraryTrack[],
  { arc, lengthSeconds, transitions = true }: SetOptions,
): Promise<SetTrack[]> {
  const originals = withoutCopies(library);
  const tracks = originals.filter(({ seconds }) => seconds >= MIN_TRACK_SECONDS);
  const lengths = tracks.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const typical = lengths[Math.floor(lengths.length / 2)] ?? 0;
  const places = Math.max(1, Math.round(lengthSeconds / Math.max(1, typical)));
  if (tracks.length < places || tracks.length === 0) {
    const leftOut = leftOutText({
      copies: library.length - originals.length,
      short: originals.length - tracks.length,
    });
    // Without a track, nothing is known of how long one is.
    const needed = tracks.length === 0 ? 'tracks' : `about ${places} ${places === 1 ? 'track' : 'tracks'}`;
    throw new UserError(
      'too-few-tracks',
      `A set of ${Math.round(lengthSeconds / 60)} min needs ${needed} and the library has ${tracks.length}${leftOut}: add more, or choose a shorter --length.`,
    );
  }
  const parts = new Map(tracks.map((track) => [track, partsOf(track.curve, ARC_PARTS)]));
  const placeSeconds = lengthSeconds / places;
  const candidates = Array.from({ length: places }, (_, place) => {
    const all = tracks.map((track) => ({
      track,
      cost: deviation(parts.get(track)!, placeSeconds, arc, place * placeSeconds),
    }));
    return spread(all.sort((a, b) => a.cost - b.cost).slice(0, Math.max(CANDIDATES, places)), place);
  });
  const order = await choose(candidates, transitions, lengthSeconds, typical);
  let start = 0;
  return order.map((track, i) => {
    const before = order[i - 1];
    const placed = {
      track,
      start,
      deviation: deviation(parts.get(track)!, track.seconds, arc, start),
      transition: before ? transitionCost(before, track) : 0,
    };
    start += track.seconds;
    return placed;
  });
}

/** Neighboring places want the same tracks: each also gets some of those that follow, so that all can be filled. */
function spread(all: readonly Candidate[], place: number): Candidate[] {
  const [first, rest] = [all.slice(0, CANDIDATES), all.slice(CANDIDATES)];
  return [...first, ...rest.filter((_, i) => i % 3 === place % 3).slice(0, CANDIDATES / 2)];
}

async function choose(
  places: readonly (readonly Candidate[])[],
  transitions: boolean,
  lengthSeconds: number,
  typical: number,
): Promise<LibraryTrack[]> {
  // A variable for each pair of tracks at neighboring places; the first place has one for each track.
  const variables: {
    readonly cost: number;
    readonly place: number;
    readonly from?: LibraryTrack;
    readonly to: LibraryTrack;
  }[] = [];
  for (const [place, candidates] of places.entries()) {
    for (const { track: to, cost } of candidates) {
      if (place === 0) variables.push({ cost, place, to });
      else
        for (const { track: from } of places[place - 1]!)
          if (from !== to)
            variables.push({ cost: cost + (transitions ? transitionCost(from, to) : 0), place, from, to });
    }
  }
  const indexesOf = (wanted: (one: (typeof variables)[number]) => boolean) =>
    variables.flatMap((one, i) => (wanted(one) ? i : []));
  const rows: {
    readonly plus: readonly number[];
    readonly minus?: readonly number[];
    readonly max: number;
    readonly min?: number;
  }[] = [{ plus: indexesOf(({ place }) => place === 0), min: 1, max: 1 }];
  for (let place = 1; place < places.length; place++) {
    for (const { track } of places[place - 1]!) {
      // What arrives at a track leaves it.
      const plus = indexesOf((one) => one.place === place && one.from === track);
      rows.push({
        plus,
        minus: indexesOf((one) => one.place === place - 1 && one.to === track),
        min: 0,
        max: 0,
      });
    }
  }
  for (const track of new Set(places.flat().map((one) => one.track)))
    rows.push({ plus: indexesOf(({ to }) => to === track), max: 1 });
  const slack = LENGTH_SLACK * typical;
  const chosen = await solveMip({
    costs: variables.map((one) => one.cost),
    rows,
    weighted: {
      weights: variables.map(({ to }) => to.seconds),
      min: lengthSeconds - slack,
      max: lengthSeconds + slack,
    },
  });
  if (!chosen) {
    throw new UserError(
      'too-few-tracks',
      'No order of the tracks near this arc has the wished length: add more tracks, or choose another --length.',
    );
  }
  return chosen
    .map((i) => variables[i]!)
    .sort((a, b) => a.place - b.place)
    .map(({ to }) => to);
}

/** How well one track follows another, in squared standard deviations. */
export function transitionCost(from: LibraryTrack, to: LibraryTrack): number {
  const { mismatch } = distanceParts(from.ending, to.opening.path);
  return mismatch + tempoFit(from.bpm, to.bpm).cost + keyFit(from.key, to.key).cost;
}

/** ` besides 2 copies and 3 tracks shorter than 45 s, which are left out`, or nothing. */
function leftOutText({ copies, short }: { readonly copies: number; readonly short: number }): string {
  const parts = [
    ...(copies > 0 ? [copies === 1 ? '1 copy' : `${copies} copies`] : []),
    ...(short > 0
      ? [`${short} ${short === 1 ? 'track' : 'tracks'} shorter than ${MIN_TRACK_SECONDS} s`]
      : []),
  ];
  return parts.length > 0 ? ` besides ${parts.join(' and ')}, which are left out` : '';
}

function withoutCopies(tracks: readonly LibraryTrack[]): LibraryTrack[] {
  const seen = new Set<string>();
  return tracks.filter(({ hash }) => !seen.has(hash) && seen.add(hash));
}
