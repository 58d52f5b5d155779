import { type ClockPart, onLine } from '../../log/clock/clock-line.ts';
import type { Log } from '../../log/log.ts';
import { ALL_SEQS, type TimeRange } from '../../log/time-range.ts';
import { STEP_SECONDS, type TrackSummary, type TrackTitle } from '../../types.ts';

/** Where titles come from: a station sends them, a recording has them in its tags; `source` is any other. */
export type TitleOrigin = 'station' | 'file' | 'source';

/** What was played of a track within a session. Its span is on the clock of the session's start. */
export interface PlayedTrack extends TrackTitle, TimeRange {
  /** Means over its music; null without music, and for a part of a track, whose means its frames have. */
  readonly valence: number | null;
  readonly arousal: number | null;
  /** It has not ended. */
  readonly playing: boolean;
  readonly origin: TitleOrigin;
}

/** More are not listed. */
const MAX_TRACKS = 500;
/** Less of a track is not listed: a session often begins or ends with a track. */
const LEAST_MS = 1_000;

/** The tracks that played during the parts of a session, in order. A clock that was set back has some times twice. */
export function playedTracks(log: Log, stream: string, parts: readonly ClockPart[]): PlayedTrack[] {
  const sources = log.db.prepare('SELECT source FROM runs WHERE id = ?');
  const tracks = new Map<string, PlayedTrack>();
  for (const part of parts)
    for (const track of log.history.tracks({ stream, range: part, limit: MAX_TRACKS })) {
      const key = `${track.run}:${track.t}`;
      const { begins, ends, ...span } = within(part, track);
      // It continues from the part before.
      const { fromMs } = tracks.get(key) ?? span;
      const isWhole = (begins || tracks.has(key)) && ends;
      const { title, artist, valence, arousal } = track;
      const { source = '' } = (sources.get(track.run) ?? {}) as { source?: string };
      tracks.set(key, {
        ...{ title, artist, fromMs, toMs: span.toMs },
        ...(isWhole ? { valence, arousal } : { valence: null, arousal: null }),
        playing: track.endedAt === null,
        origin: originOf(source),
      });
    }
  return [...tracks.values()]
    .filter(({ fromMs, toMs }) => toMs - fromMs >= LEAST_MS)
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** The span of a track within a part of a session, and whether it began and ended in that part. */
function within(part: ClockPart, { run, t, seconds, startedAt, endedAt }: TrackSummary) {
  const { from, end } = part.seqs?.(run) ?? ALL_SEQS;
  const [startedMs, endedMs] = [Date.parse(startedAt), endedAt === null ? null : Date.parse(endedAt)];
  // A clock time counts only if the clock was not set between it and the part.
  const begins = t >= from * STEP_SECONDS && startedMs >= part.fromMs;
  const ends = endedMs !== null && t + seconds <= end * STEP_SECONDS && endedMs < part.toMs;
  return {
    begins,
    ends,
    fromMs: begins ? onLine(part, startedMs) : part.lineFromMs,
    toMs: ends ? onLine(part, endedMs) : part.lineToMs,
  };
}

function originOf(source: string): TitleOrigin {
  if (/^https?:/i.test(source)) return 'station';
  return /^file:/i.test(source) ? 'file' : 'source';
}

/** Where the titles of several tracks come from. */
export const titleOrigin = ([first, ...others]: readonly PlayedTrack[]): TitleOrigin =>
  first && others.every(({ origin }) => origin === first.origin) ? first.origin : 'source';
