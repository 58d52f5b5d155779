import type { EmotionBucket, EmotionFrame, Session } from '../../src/client/index.ts';
import { client } from './client.ts';
import { commonestMood } from './commonest-mood.ts';
import type { Curve } from './curve.ts';
import { type TitleMark, titleName } from './title-mark.ts';

/** The emotions of a session from the log, as fine as its length allows. */
export interface Recording extends Curve {
  readonly session: Session;
}

type Resolution = 'step' | '10s' | '1m' | '10m' | '1h';

interface ResolutionChoice {
  /** Longest session that it is used for. */
  readonly maxHours: number;
  readonly resolution: Resolution;
  readonly seconds: number;
}

/** The finest resolution that gives at most about 14,000 rows. */
const RESOLUTIONS: readonly ResolutionChoice[] = [
  { maxHours: 2, resolution: 'step', seconds: 0.5 },
  { maxHours: 36, resolution: '10s', seconds: 10 },
  { maxHours: 24 * 8, resolution: '1m', seconds: 60 },
  { maxHours: 24 * 80, resolution: '10m', seconds: 600 },
  { maxHours: Number.POSITIVE_INFINITY, resolution: '1h', seconds: 3600 },
];

/** Forecasts are two thirds of a frame: longer recordings are loaded without them. */
const FORECAST_MAX_HOURS = 0.5;

export async function loadRecording(session: Session, signal: AbortSignal): Promise<Recording> {
  const hours = session.seconds / 3600;
  const choice = RESOLUTIONS.find(({ maxHours }) => hours <= maxHours)!;
  const [rows, titles] = await Promise.all([
    loadRows(session, choice, hours <= FORECAST_MAX_HOURS, signal),
    loadTitles(session),
  ]);
  const startMs = Date.parse(session.startedAt);
  return {
    session,
    startMs,
    endMs: startMs + session.seconds * 1000,
    stepSeconds: choice.seconds,
    target: session.target,
    rows,
    titles,
    times: Float64Array.from(rows, ({ time }) => Date.parse(time)),
  };
}

/** The titles that were played, from the one at the start on; none if they cannot be loaded. */
async function loadTitles({ id, startedAt }: Session): Promise<TitleMark[]> {
  const tracks = await client.sessions.tracks(id).catch(() => []);
  return tracks.map(({ at, title, artist }) => ({
    x: Date.parse(startedAt) / 1000 + at,
    title: titleName(title, artist),
  }));
}

async function loadRows(
  { id, stream }: Session,
  { resolution, seconds }: ResolutionChoice,
  forecast: boolean,
  signal: AbortSignal,
): Promise<readonly EmotionFrame[]> {
  if (resolution === 'step') {
    const query = { forecast: forecast ? 'yes' : 'no', times: 'session' } as const;
    return (await client.sessions.emotions(id, query, signal)).frames;
  }
  const { frames } = await client.sessions.emotions(id, { resolution, times: 'session' }, signal);
  return frames.map((bucket, i) => frameOf(bucket, stream, i, seconds));
}

/** A bucket as a frame, at the bucket's end. */
function frameOf(bucket: EmotionBucket, stream: string, seq: number, seconds: number): EmotionFrame {
  const endMs = Date.parse(bucket.time) + seconds * 1000;
  return {
    type: 'emotion',
    stream,
    seq,
    t: endMs / 1000,
    time: new Date(endMs).toISOString(),
    valence: bucket.valence,
    arousal: bucket.arousal,
    valenceSd: null,
    arousalSd: null,
    forecast: [],
    mood: commonestMood(bucket),
    loudness: bucket.loudness,
    activity: bucket.music > 0 ? 'music' : bucket.speech > bucket.silence ? 'speech' : 'silence',
    confidence: bucket.confidence ?? 0,
    latencyMs: 0,
  };
}
