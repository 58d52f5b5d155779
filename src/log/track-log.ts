import type Database from 'libsql';
import type { StreamEvent, TrackStatistics, TrackSummary } from '../types.ts';
import { ALL_SEQS, overlaps, type TimeRange } from './time-range.ts';

/** The table `tracks`: what stations played, with a summary of each track. */

type TrackEvent = Extract<StreamEvent, { type: 'track' }>;
type TrackEndedEvent = Extract<StreamEvent, { type: 'track-ended' }>;

/** The columns of the statistics. */
const COLUMNS = {
  valence: 'valence',
  arousal: 'arousal',
  valenceStart: 'valence_start',
  valenceEnd: 'valence_end',
  arousalStart: 'arousal_start',
  arousalEnd: 'arousal_end',
  peakArousal: 'peak_arousal',
  loudness: 'loudness',
  speech: 'speech',
} as const satisfies Partial<Record<keyof TrackStatistics, string>>;

const NUMBERS = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
const OF_STREAM = 'stream = (SELECT id FROM streams WHERE name = ?)';

/** Writes the tracks, as their events are logged. */
export class TrackWriter {
  readonly #sql;

  constructor(db: Database.Database) {
    this.#sql = {
      begin: db.prepare(
        `INSERT INTO tracks (stream, run, seq, t, started_ms, title, artist)
         SELECT stream, id, ?, ?, ?, ?, ? FROM runs WHERE id = ?`,
      ),
      end: db.prepare(
        `UPDATE tracks SET ended_ms = ?, end_run = ?, end_seq = ?, seconds = ?, moods = ?,
           ${NUMBERS.map((name) => `${COLUMNS[name]} = ?`).join(', ')}
         WHERE stream = (SELECT stream FROM runs WHERE id = ?) AND started_ms = ? AND title = ?`,
      ),
    };
  }

  begin(run: number, seq: number, { t, time, title, artist }: TrackEvent): void {
    this.#sql.begin.run(seq, t, Date.parse(time), title, artist, run);
  }

  /** False if the track is not in the log: it was erased while it played, so its summary must not be stored. */
  end(run: number, seq: number, { time, title, seconds, summary }: TrackEndedEvent): boolean {
    const { changes } = this.#sql.end.run(
      Date.parse(time),
      run,
      seq,
      seconds,
      JSON.stringify(summary.moods),
      ...NUMBERS.map((name) => summary[name]),
      run,
      Date.parse(summary.startedAt),
      title,
    );
    return changes > 0;
  }
}

/** Ends the tracks that were playing when a server was killed, without statistics: at the newest frame of their run. */
export function endLostTracks(db: Database.Database): void {
  db.exec(`
    UPDATE tracks SET end_run = run, ended_ms = max(started_ms, coalesce(
      (SELECT max(time_ms) FROM frames WHERE frames.run = tracks.run),
      (SELECT max(to_ms) FROM blocks WHERE blocks.run = tracks.run),
      started_ms))
    WHERE ended_ms IS NULL;
    UPDATE tracks SET seconds = (ended_ms - started_ms) / 1000.0, end_seq = 9007199254740991
    WHERE end_seq IS NULL AND ended_ms IS NOT NULL;
  `);
}

export interface TracksRequest {
  readonly stream: string;
  /** Tracks that played within it: the first may have begun before. */
  readonly range: TimeRange;
  /** The newest ones. */
  readonly limit: number;
}

interface TrackRow {
  readonly run: number;
  readonly t: number;
  readonly startedMs: number;
  readonly endedMs: number | null;
  readonly title: string;
  readonly artist: string | null;
  readonly seconds: number;
  readonly moods: string;
}

const READ = `SELECT run, t, started_ms AS startedMs, ended_ms AS endedMs, title, artist, seconds, moods,
  ${NUMBERS.map((name) => `${COLUMNS[name]} AS ${name}`).join(', ')} FROM`;
const NEWEST = 'ORDER BY started_ms DESC, id DESC LIMIT';

/** Tracks of a stream, newest first. */
export function readTracks(db: Database.Database, request: TracksRequest): TrackSummary[] {
  const { stream, range, limit } = request;
  const rows = (
    range.seqs
      ? db
          .prepare(`${READ} tracks WHERE id IN (SELECT value FROM json_each(?)) ${NEWEST} ?`)
          .all(JSON.stringify(placesWithin(db, stream, range).map(({ id }) => id)), limit)
      : // One track plays at a time: of those before the range, the newest alone can reach into it.
        db
          .prepare(
            `${READ} (
               SELECT * FROM (SELECT * FROM tracks WHERE ${OF_STREAM} AND started_ms >= ? AND started_ms < ? ${NEWEST} ?)
               UNION ALL
               SELECT * FROM (SELECT * FROM tracks WHERE ${OF_STREAM} AND started_ms < ? ${NEWEST} 1)
               WHERE ended_ms IS NULL OR ended_ms > ?
             ) ${NEWEST} ?`,
          )
          .all(
            ...[stream, range.fromMs, range.toMs, limit],
            ...[stream, Math.min(range.fromMs, range.toMs), range.fromMs, limit],
          )
  ) as (TrackRow & Omit<TrackStatistics, 'moods'>)[];
  return rows.map(({ startedMs, endedMs, moods, ...row }) => ({
    stream,
    ...row,
    startedAt: new Date(startedMs).toISOString(),
    endedAt: endedMs === null ? null : new Date(endedMs).toISOString(),
    moods: JSON.parse(moods),
  }));
}

interface TrackPlace {
  readonly id: number;
  readonly run: number;
  readonly seq: number;
  readonly endRun: number | null;
  readonly endSeq: number | null;
  readonly startedMs: number;
  readonly endedMs: number | null;
}

function placesOf(db: Database.Database, stream: string): TrackPlace[] {
  return db
    .prepare(
      `SELECT id, run, seq, end_run AS endRun, end_seq AS endSeq, started_ms AS startedMs, ended_ms AS endedMs
       FROM tracks WHERE ${OF_STREAM}`,
    )
    .all(stream) as TrackPlace[];
}

/** The tracks that have a frame in a range. */
function placesWithin(db: Database.Database, stream: string, range: TimeRange): TrackPlace[] {
  return placesOf(db, stream).filter((track) => {
    const { run, seq, endRun, endSeq } = track;
    const { from, end } = range.seqs?.(run) ?? ALL_SEQS;
    const lastSeq = endRun === run && endSeq !== null ? endSeq : Number.POSITIVE_INFINITY;
    return overlaps(range, spanOf(track)) && seq < end && lastSeq >= from;
  });
}

/**
 * Erases the tracks of a stream that have a frame in a range, with their `track-ended` events: a summary is of all
 * frames of its track. In one transaction of the caller.
 */
export function eraseTracks(db: Database.Database, stream: string, range: TimeRange): void {
  const erase = db.prepare('DELETE FROM tracks WHERE id = ?');
  const eraseEvent = db.prepare("DELETE FROM events WHERE run = ? AND seq = ? AND type = 'track-ended'");
  for (const { id, endRun, endSeq } of placesWithin(db, stream, range)) {
    erase.run(id);
    eraseEvent.run(endRun, endSeq);
  }
}

/** Drops the tracks of a stream that ended before a time, except those in kept ranges. */
export function dropTracks(
  db: Database.Database,
  stream: string,
  beforeMs: number,
  kept: readonly TimeRange[],
): void {
  const drop = db.prepare('DELETE FROM tracks WHERE id = ?');
  for (const track of placesOf(db, stream)) {
    const span = spanOf(track);
    if (track.endedMs === null || span.toMs >= beforeMs) continue;
    if (!kept.some((range) => overlaps(range, span))) drop.run(track.id);
  }
}

/** The clock may have been set back during a track. */
function spanOf({ startedMs, endedMs }: TrackPlace): TimeRange {
  const endMs = endedMs ?? Number.POSITIVE_INFINITY;
  return { fromMs: Math.min(startedMs, endMs), toMs: Math.max(startedMs, endMs) };
}
