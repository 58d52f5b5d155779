import { MOODS } from '../../mood.ts';
import type { TrackSummary } from '../../types.ts';
import type { History } from '../history.ts';
import type { TimeRange } from '../time-range.ts';

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

/** The tracks of a stream that began in a range, oldest first, one a line. */
export function* exportTracks(
  history: History,
  { stream, range }: { readonly stream: string; readonly range: TimeRange },
  format: 'csv' | 'ndjson',
): Generator<string> {
  const tracks = history.tracks({ stream, range, limit: Number.MAX_SAFE_INTEGER }).toReversed();
  if (format === 'csv') yield `${[...COLUMNS, ...MOODS].join(',')}\n`;
  for (const track of tracks) yield `${format === 'csv' ? csvLine(track) : JSON.stringify(track)}\n`;
}

function csvLine(track: TrackSummary): string {
  const values = [...COLUMNS.map((name) => track[name]), ...MOODS.map((mood) => track.moods[mood] ?? null)];
  return values.map(cell).join(',');
}

/** RFC 4180: a cell with a comma, a quote or a line break is quoted. */
function cell(value: string | number | null): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
