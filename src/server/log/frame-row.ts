import { type EmotionFrame, STEP_SECONDS, type StreamEvent } from '../../types.ts';
import { ACTIVITIES } from './activities.ts';
import { decodeForecasts, encodeForecasts } from './forecast-blob.ts';

/** Emotion frames and stream events as rows of the log, and back exactly as they were emitted. */

export const FRAME_COLUMNS =
  'run, seq, time_ms, valence, arousal, valence_sd, arousal_sd, forecast, mood, loudness, activity, confidence, latency_ms';

export interface FrameRow {
  readonly run: number;
  readonly seq: number;
  readonly time_ms: number;
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly valence_sd: number | null;
  readonly arousal_sd: number | null;
  readonly forecast: Buffer | ArrayBuffer | null;
  readonly mood: string | null;
  readonly loudness: number | null;
  readonly activity: number;
  readonly confidence: number;
  readonly latency_ms: number;
}

/** Values in the order of FRAME_COLUMNS. */
export function frameToRow(run: number, frame: EmotionFrame): unknown[] {
  return [
    run,
    frame.seq,
    Date.parse(frame.time),
    frame.valence,
    frame.arousal,
    frame.valenceSd,
    frame.arousalSd,
    encodeForecasts(frame.forecast),
    frame.mood,
    frame.loudness,
    ACTIVITIES.indexOf(frame.activity),
    frame.confidence,
    frame.latencyMs,
  ];
}

export function rowToFrame(stream: string, row: FrameRow): EmotionFrame {
  return {
    type: 'emotion',
    stream,
    seq: row.seq,
    t: STEP_SECONDS * (row.seq + 1),
    time: new Date(row.time_ms).toISOString(),
    valence: row.valence,
    arousal: row.arousal,
    valenceSd: row.valence_sd,
    arousalSd: row.arousal_sd,
    forecast: decodeForecasts(row.forecast),
    mood: row.mood,
    loudness: row.loudness,
    activity: ACTIVITIES[row.activity] ?? 'silence',
    confidence: row.confidence,
    latencyMs: row.latency_ms,
  };
}

export const EVENT_COLUMNS = 'run, seq, time_ms, t, type, message, code, reason, seconds';

export interface EventRow {
  readonly seq: number;
  readonly time_ms: number;
  readonly t: number;
  readonly type: StreamEvent['type'];
  readonly message: string;
  readonly code: string | null;
  readonly reason: 'overflow' | 'invalid-samples' | 'format-change' | null;
  readonly seconds: number | null;
}

/** Values in the order of EVENT_COLUMNS; `seq` is the number of frames that the run had emitted before. */
export function eventToRow(run: number, seq: number, event: StreamEvent): unknown[] {
  const gap = event.type === 'gap' ? event : undefined;
  return [
    run,
    seq,
    Date.parse(event.time),
    event.t,
    event.type,
    event.message,
    codeOf(event),
    gap?.reason ?? null,
    gap?.seconds ?? null,
  ];
}

/** The column of the fault's code also names the alert, of those events. */
function codeOf(event: StreamEvent): string | null {
  if (event.type === 'alert-raised' || event.type === 'alert-cleared') return event.alert;
  return event.type === 'stream-stopped' ? (event.code ?? null) : null;
}

export function rowToEvent(stream: string, row: EventRow): StreamEvent {
  const base = { stream, t: row.t, time: new Date(row.time_ms).toISOString(), message: row.message };
  if (row.type === 'gap')
    return { type: row.type, ...base, reason: row.reason ?? 'overflow', seconds: row.seconds ?? 0 };
  if (row.type === 'alert-raised' || row.type === 'alert-cleared')
    return { type: row.type, ...base, alert: row.code ?? '' };
  if (row.type === 'stream-stopped' && row.code !== null) return { type: row.type, ...base, code: row.code };
  return { type: row.type, ...base };
}
