import { roundTo } from '../../frame-fields.ts';
import { MOODS } from '../../mood.ts';
import { STEP_SECONDS, type TrackSummary } from '../../types.ts';
import type { History } from '../history.ts';
import type { ExportRequest } from './pages.ts';

/** Columns of the tracks as a table; a column for each mood follows, with its share. */
const COLUMNS = [
  'stream',
  'run',
  'title',
  'artist',
  't',
  'startedAt',
  'endedAt',
  'seconds',
  'valence',
  'arousal',
  'valenceStart',
  'valenceEnd',
  'arousalStart',
  'arousalEnd',
  'peakArousal',
  'loudness',
  'speech',
] as const satisfies readonly (keyof TrackSummary)[];

/** The tracks of a stream that played in a range, oldest first, one a line. */
export function* exportTracks(
  history: History,
  { stream, range, onRows }: Pick<ExportRequest, 'stream' | 'range' | 'onRows'>,
  format: 'csv' | 'ndjson',
): Generator<string> {
  const tracks = history.tracks({ stream, range, limit: Number.MAX_SAFE_INTEGER }).toReversed();
  onRows?.(tracks.length);
  if (format === 'csv') yield `${[...COLUMNS, ...MOODS].join(',')}\n`;
  for (const track of tracks.map((track) => untilNow(track, history)))
    yield `${format === 'csv' ? csvLine(track) : JSON.stringify(track)}\n`;
}

/** A track that is playing, with its seconds until the newest frame. */
function untilNow(track: TrackSummary, history: History): TrackSummary {
  if (track.endedAt !== null) return track;
  const lastSeq = history.runs(track.stream, track.run)[0]?.lastSeq ?? -1;
  return { ...track, seconds: Math.max(0, roundTo((lastSeq + 1) * STEP_SECONDS - track.t, 4)) };
}

function csvLine(track: TrackSummary): string {
  const values = [...COLUMNS.map((name) => track[name]), ...MOODS.map((mood) => track.moods[mood] ?? null)];
  return values.map(cell).join(',');
}

/**
 * RFC 4180: a cell with a comma, a quote or a line break is quoted. Text that a spreadsheet would take for a formula gets
 * an apostrophe before it, because a station's title may be anything
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function cell(value: string | number | null): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
