import type { OperatorFunction } from 'rxjs';
import { roundTo } from './frame-fields.ts';
import type { Mood } from './mood.ts';
import { trackName } from './stream/track-title.ts';
import type { EmotionFrame, StreamMessage, TrackStatistics, TrackTitle } from './types.ts';
import { emitEach } from './util/emit-each.ts';

/** The track that is playing: a plain value, part of a stream's state. */
export interface OpenTrack extends TrackTitle {
  readonly t: number;
  readonly startedAt: string;
  frames: number;
  music: number;
  speech: number;
  valence: number;
  arousal: number;
  peakArousal: number;
  /** Frames that are not digital silence, and the sum of their loudness. */
  audible: number;
  loudness: number;
  readonly moods: Partial<Record<Mood, number>>;
  /** [EDGE_FRAMES, 2] valence and arousal of the first frames with music, and of the last ones, as a ring. */
  readonly first: Float64Array;
  readonly last: Float64Array;
}

/** The path of a track begins and ends with a mean over 10 s of music. */
const EDGE_FRAMES = 20;

/**
 * Adds `track-ended` to the messages of a stream, with a summary of the frames since the title: before the next track
 * and before the stream stops. A title that is repeated, as after a reconnection, begins no new track; an empty one
 * only ends the track.
 */
export class TrackSummaries {
  #open: OpenTrack | undefined;

  constructor(state?: OpenTrack) {
    this.#open = state && structuredClone(state);
  }

  get state(): OpenTrack | undefined {
    return this.#open && structuredClone(this.#open);
  }

  reset(): void {
    this.#open = undefined;
  }

  readonly operator: OperatorFunction<StreamMessage, StreamMessage> = emitEach((message, emit) =>
    this.#add(message, emit),
  );

  #add(message: StreamMessage, emit: (message: StreamMessage) => void): void {
    if (message.type === 'emotion') {
      if (this.#open) count(this.#open, message);
    } else if (message.type === 'track') {
      const { title, artist } = message;
      if (title === (this.#open?.title ?? '') && artist === (this.#open?.artist ?? null)) return;
      this.#end(message, emit);
      if (title === '') return;
      this.#open = opened({ title, artist }, message.t, message.time);
    } else if (message.type === 'stream-stopped') {
      this.#end(message, emit);
    }
    emit(message);
  }

  #end({ stream, t, time }: StreamMessage, emit: (message: StreamMessage) => void): void {
    const track = this.#open;
    if (!track) return;
    this.#open = undefined;
    const { title, artist } = track;
    const seconds = Math.max(0, round(t - track.t));
    const message = `${trackName(track)} ended after ${Math.round(seconds)} s.`;
    const summary = statisticsOf(track);
    emit({ type: 'track-ended', stream, t, time, message, title, artist, seconds, summary });
  }
}

const opened = ({ title, artist }: TrackTitle, t: number, startedAt: string): OpenTrack => ({
  title,
  artist,
  t,
  startedAt,
  frames: 0,
  music: 0,
  speech: 0,
  valence: 0,
  arousal: 0,
  peakArousal: Number.NEGATIVE_INFINITY,
  audible: 0,
  loudness: 0,
  moods: {},
  first: new Float64Array(2 * EDGE_FRAMES),
  last: new Float64Array(2 * EDGE_FRAMES),
});

function count(track: OpenTrack, { valence, arousal, activity, loudness, mood }: EmotionFrame): void {
  track.frames++;
  if (activity === 'speech') track.speech++;
  if (mood !== null) track.moods[mood as Mood] = (track.moods[mood as Mood] ?? 0) + 1;
  if (loudness !== null && Number.isFinite(loudness)) {
    track.audible++;
    track.loudness += loudness;
  }
  if (valence === null || arousal === null) return;
  if (track.music < EDGE_FRAMES) put(track.first, track.music, valence, arousal);
  put(track.last, track.music % EDGE_FRAMES, valence, arousal);
  track.music++;
  track.valence += valence;
  track.arousal += arousal;
  track.peakArousal = Math.max(track.peakArousal, arousal);
}

function put(edge: Float64Array, at: number, valence: number, arousal: number): void {
  edge[2 * at] = valence;
  edge[2 * at + 1] = arousal;
}

function statisticsOf(track: OpenTrack): TrackStatistics {
  const { t, startedAt, frames, music, speech, audible } = track;
  const edge = (values: Float64Array, axis: number) => {
    let sum = 0;
    const n = Math.min(music, EDGE_FRAMES);
    for (let i = 0; i < n; i++) sum += values[2 * i + axis]!;
    return mean(sum, n);
  };
  const moods = Object.entries(track.moods) as [Mood, number][];
  return {
    t,
    startedAt,
    valence: mean(track.valence, music),
    arousal: mean(track.arousal, music),
    valenceStart: edge(track.first, 0),
    valenceEnd: edge(track.last, 0),
    arousalStart: edge(track.first, 1),
    arousalEnd: edge(track.last, 1),
    peakArousal: music > 0 ? round(track.peakArousal) : null,
    loudness: mean(track.loudness, audible),
    speech: mean(speech, frames) ?? 0,
    moods: Object.fromEntries(moods.map(([mood, n]) => [mood, round(n / frames)])),
  };
}

const mean = (sum: number, n: number): number | null => (n > 0 ? round(sum / n) : null);

/** Four decimals, as in frames; never -0. */
const round = (x: number): number => roundTo(x, 4);
