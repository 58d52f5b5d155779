/** What a turn is found by: a part of `Bucket`. */
interface Bucket {
  readonly time: string;
  /** Share of its frames, 0 … 1. */
  readonly music: number;
  readonly valence: number | null;
  readonly arousal: number | null;
}

/** Where the emotion changed most between two neighboring buckets. */
export interface Turn {
  readonly time: string;
  readonly before: Bucket;
  readonly after: Bucket;
  /** Distance on the plane. */
  readonly distance: number;
}

/** Less music than this makes a mean of chance. */
const MIN_MUSIC = 0.3;
/** Less is nothing to look at; means of days hardly differ by more than a few hundredths. */
const MIN_DISTANCE = 0.02;

/** The strongest turns, strongest first: at most `count`, never two side by side. */
export function strongestTurns(buckets: readonly Bucket[], bucketMs: number, count: number): Turn[] {
  const turns = buckets.slice(1).flatMap((after, i): Turn[] => {
    const before = buckets[i]!;
    if (Date.parse(after.time) - Date.parse(before.time) > 1.5 * bucketMs) return [];
    if (before.music < MIN_MUSIC || after.music < MIN_MUSIC) return [];
    const distance = Math.hypot(after.valence! - before.valence!, after.arousal! - before.arousal!);
    return distance < MIN_DISTANCE ? [] : [{ time: after.time, before, after, distance }];
  });
  const chosen: Turn[] = [];
  for (const turn of turns.sort((a, b) => b.distance - a.distance)) {
    const apart = (other: Turn) => Math.abs(Date.parse(other.time) - Date.parse(turn.time)) > 1.5 * bucketMs;
    if (chosen.length < count && chosen.every(apart)) chosen.push(turn);
  }
  return chosen;
}
