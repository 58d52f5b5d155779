import type { EmotionBucket, EmotionFrame, Session } from '../../src/client/index.ts';
import { client } from '../live/client.ts';

/** What was heard during a session, as fine as its length allows. */
export interface Recording {
  readonly session: Session;
  readonly startMs: number;
  readonly endMs: number;
  /** Seconds that one row stands for. */
  readonly stepSeconds: number;
  /** In order; means look like frames, but know no interval and no forecast. */
  readonly rows: readonly EmotionFrame[];
  /** `Date.parse` of each row's time. */
  readonly times: Float64Array;
}

type Resolution = 'step' | '10s' | '1m' | '10m' | '1h';

/** The finest resolution that gives no more than some ten thousand rows. */
const FITTING: readonly {
  readonly hours: number;
  readonly resolution: Resolution;
  readonly seconds: number;
}[] = [
  { hours: 2, resolution: 'step', seconds: 0.5 },
  { hours: 36, resolution: '10s', seconds: 10 },
  { hours: 24 * 8, resolution: '1m', seconds: 60 },
  { hours: 24 * 80, resolution: '10m', seconds: 600 },
  { hours: Number.POSITIVE_INFINITY, resolution: '1h', seconds: 3600 },
];

/** Forecasts are two thirds of a frame: longer recordings are fetched without. */
const FORECAST_HOURS = 0.5;

export async function loadRecording(session: Session, signal: AbortSignal): Promise<Recording> {
  const hours = session.seconds / 3600;
  const { resolution, seconds } = FITTING.find((one) => hours <= one.hours)!;
  const rows = await load(session, resolution, seconds, hours <= FORECAST_HOURS, signal);
  const startMs = Date.parse(session.startedAt);
  return {
    session,
    startMs,
    endMs: startMs + session.seconds * 1000,
    stepSeconds: seconds,
    rows,
    times: Float64Array.from(rows, ({ time }) => Date.parse(time)),
  };
}

async function load(
  { id, stream }: Session,
  resolution: Resolution,
  seconds: number,
  forecast: boolean,
  signal: AbortSignal,
): Promise<readonly EmotionFrame[]> {
  if (resolution === 'step') {
    const query = { forecast: forecast ? 'yes' : 'no' } as const;
    return (await client.sessions.emotions(id, query, signal)).frames;
  }
  const { frames } = await client.sessions.emotions(id, { resolution }, signal);
  return frames.map((bucket, i) => frameOf(bucket, stream, i, seconds));
}

/** A bucket at its end, as a frame is. */
function frameOf(bucket: EmotionBucket, stream: string, seq: number, seconds: number): EmotionFrame {
  const endMs = Date.parse(bucket.time) + seconds * 1000;
  const moods = Object.entries(bucket.moods).sort(([, a], [, b]) => b - a);
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
    mood: moods[0]?.[0] ?? null,
    loudness: bucket.loudness,
    activity: bucket.music > 0 ? 'music' : bucket.speech > bucket.silence ? 'speech' : 'silence',
    confidence: bucket.confidence ?? 0,
    latencyMs: 0,
  };
}
