import { badData, type Timeline } from '../layout.ts';
import type { Label } from '../song.ts';
import { checkedLabel } from '../timelines.ts';

/** Ratings per second. */
const RATE_HZ = 10;
const GRID_MS = 500;
const PER_LABEL = (RATE_HZ * GRID_MS) / 1000;
/** A trial without any movement on both axes for this many ratings is discarded (the authors' rule). */
const INACTIVE = 120 * RATE_HZ;
/** Smallest range, of 2, that a rater must use on each axis over all songs (the authors' rule). */
const MIN_RANGE = 2 / 3;
/** A trial whose length differs from the song's median by more than this was broken off. */
const LENGTH_TOLERANCE = 2 * RATE_HZ;

/** One rater's ratings of one song. */
interface Trial {
  readonly song: string;
  /** Undefined if the file has no rater ids. */
  readonly rater: string | undefined;
  readonly valence: readonly number[];
  readonly arousal: readonly number[];
}

const RATERS = ['rater_id', 'worker_id', 'workerid', 'rater', 'worker', 'participant_id', 'pid'];

/**
 * Reads a Parquet file with one row per trial: `song_id`, a rater, and the lists `valence` and `arousal`.
 *
 * @throws UserError `bad-data` if the file cannot be read or lacks a column
 */
export async function readRatings(path: string): Promise<Trial[]> {
  const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
  const rows = await asyncBufferFromFile(path)
    .then((file) => parquetReadObjects({ file }))
    .catch((cause: Error) => {
      throw badData(`${path} cannot be read (${cause.message})`, 'download it again', cause);
    });
  const [first = {}] = rows;
  for (const column of ['song_id', 'valence', 'arousal']) {
    if (column in first) continue;
    throw badData(`${path} lacks the column ${column}`, 'download it again');
  }
  const rater = RATERS.find((column) => column in first);
  return rows.map((row) => ({
    song: String(row.song_id),
    rater: rater && String(row[rater]),
    valence: Array.from(row.valence as ArrayLike<number>, Number),
    arousal: Array.from(row.arousal as ArrayLike<number>, Number),
  }));
}

/**
 * Mean over raters by song: every 500 ms, the mean of the five ratings up to then.
 *
 * Raw ratings are first cleaned as the authors did: broken-off trials, inactive raters and raters who used less than a
 * third of an axis are left out, and each rater's smallest and largest rating become -1 and 1 (if the file has rater
 * ids). The authors' smoothing, which looks ahead, and their cutting of the songs are not applied.
 */
export function meanTimelines(
  trials: readonly Trial[],
  { raw }: { readonly raw: boolean },
): Map<string, Timeline> {
  const hasRaters = trials.every(({ rater }) => rater !== undefined);
  const active = raw ? trials.filter(isActive) : trials;
  const good = raw && hasRaters ? rescaled(active) : active;
  const bySong = groupBySong(good);
  const timelines = new Map<string, Timeline>();
  for (const [song, all] of bySong) {
    const lengths = all.map(({ valence }) => valence.length).sort((a, b) => a - b);
    const median = lengths[lengths.length >> 1]!;
    const kept = raw
      ? all.filter(({ valence }) => Math.abs(valence.length - median) <= LENGTH_TOLERANCE)
      : all;
    const timeline = new Map<number, Label>();
    for (let end = PER_LABEL; end <= median; end += PER_LABEL) {
      const there = kept.filter(({ valence }) => valence.length >= end);
      const mean = (axis: 'valence' | 'arousal') =>
        there.reduce((sum, trial) => sum + meanOf(trial[axis], end - PER_LABEL, end), 0) / there.length;
      const label = { valence: mean('valence'), arousal: mean('arousal') };
      if (there.length > 0) timeline.set((end * 1000) / RATE_HZ, checkedLabel(label, song, 'MERP'));
    }
    if (timeline.size > 0) timelines.set(song, timeline);
  }
  return timelines;
}

function isActive({ valence, arousal }: Trial): boolean {
  return !(longestConstant(valence) >= INACTIVE && longestConstant(arousal) >= INACTIVE);
}

function longestConstant(ratings: readonly number[]): number {
  let [longest, now] = [0, 0];
  for (const [i, rating] of ratings.entries()) {
    now = i > 0 && rating === ratings[i - 1] ? now + 1 : 1;
    longest = Math.max(longest, now);
  }
  return longest;
}

function rescaled(trials: readonly Trial[]): Trial[] {
  const ranges = new Map<string, { valence: [number, number]; arousal: [number, number] }>();
  for (const trial of trials) {
    const range = ranges.get(trial.rater!) ?? { valence: [1e9, -1e9], arousal: [1e9, -1e9] };
    ranges.set(trial.rater!, range);
    for (const axis of ['valence', 'arousal'] as const) {
      for (const rating of trial[axis]) {
        range[axis][0] = Math.min(range[axis][0], rating);
        range[axis][1] = Math.max(range[axis][1], rating);
      }
    }
  }
  return trials.flatMap((trial) => {
    const range = ranges.get(trial.rater!)!;
    const wide = (['valence', 'arousal'] as const).every(
      (axis) => range[axis][1] - range[axis][0] >= MIN_RANGE,
    );
    if (!wide) return [];
    const stretch = (axis: 'valence' | 'arousal') => {
      const [low, high] = range[axis];
      return trial[axis].map((rating) => (2 * (rating - low)) / (high - low) - 1);
    };
    return [{ ...trial, valence: stretch('valence'), arousal: stretch('arousal') }];
  });
}

function meanOf(values: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum / (to - from);
}

function groupBySong(trials: readonly Trial[]): Map<string, Trial[]> {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) groups.set(trial.song, [...(groups.get(trial.song) ?? []), trial]);
  return groups;
}
