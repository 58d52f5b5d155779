import type { TrackSummary } from '../../src/types.ts';
import { titleName } from './title-mark.ts';

type Places = 'valenceStart' | 'valenceEnd' | 'arousalStart' | 'arousalEnd';
/** What the arc needs of a title; without its places, its means are used. */
export type SetTitle = Pick<TrackSummary, 'title' | 'artist' | 'startedAt' | 'valence' | 'arousal'> &
  Partial<Pick<TrackSummary, Places>>;

/** One title of the set so far. */
export interface ArcTrack {
  readonly title: string;
  readonly startedAt: string;
  readonly valence: number;
  readonly arousal: number;
  /** Distance on the plane from the end of the one before to the beginning of this one; null for the first. */
  readonly jump: number | null;
}

/** The set so far, oldest first, with the jump of each transition. Titles without music are left out. */
export function setArc(tracks: readonly SetTitle[]): ArcTrack[] {
  const arc: ArcTrack[] = [];
  let before: SetTitle | null = null;
  const oldestFirst = [...tracks].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  for (const track of oldestFirst) {
    const { title, artist, startedAt, valence, arousal } = track;
    if (valence === null || arousal === null) continue;
    arc.push({
      title: titleName(title, artist),
      ...{ startedAt, valence, arousal },
      jump: before === null ? null : transition(before, track),
    });
    before = track;
  }
  return arc;
}

/** From where one title ended to where the next began; from mean to mean if that is unknown. */
function transition(from: SetTitle, to: SetTitle): number {
  const valence = (to.valenceStart ?? to.valence ?? 0) - (from.valenceEnd ?? from.valence ?? 0);
  const arousal = (to.arousalStart ?? to.arousal ?? 0) - (from.arousalEnd ?? from.arousal ?? 0);
  return Math.hypot(valence, arousal);
}
