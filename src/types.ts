/**
 * The nouns of undertone, in the order in which data flows:
 * Source → AudioChunk → MelFrame → StepWindow → ModelOutput → EmotionFrame → Sink.
 *
 * Over 300 lines, because all of them are in one place.
 */

import type { BUCKET_FIELDS, FORECAST_FIELDS, FRAME_FIELDS, RowOf } from './frame-fields.ts';
import type { Mood } from './mood.ts';
import type { ReasonValues } from './user-error.ts';

export { ACTIVITIES, type Activity, AXES, type Axis, EMPTY_FRAME, Z90 } from './frame-fields.ts';
export { MOODS, type Mood } from './mood.ts';
export { strongestTurns, type Turn } from './strongest-turns.ts';
export { NEAR_TARGET, type PlanePoint, planeDistance, type TargetPoint, targetAt } from './target-path.ts';
export type { ReasonValues } from './user-error.ts';

/** Seconds of audio time between two steps. Step k ends at `STEP_SECONDS · (k + 1)`. */
export const STEP_SECONDS = 0.5;

/** Seconds ahead of `t` for which every emotion frame carries a forecast. */
export const FORECAST_HORIZONS = [0.5, 1, 2, 5, 10] as const;

/** The names of streams, alerts and webhooks. They are part of URLs, file names and the log. */
export const STREAM_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

// ── audio in ────────────────────────────────────────────────────────────────────────────────────

/** The format of a source's samples: 8,000 to 192,000 Hz, 1 to 32 channels. */
export interface AudioFormat {
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** The track that a station names: an ICY title, or the tags in an Ogg or HLS stream. */
export interface TrackTitle {
  /** Empty: no track is named from here on. */
  readonly title: string;
  readonly artist: string | null;
}

/** A block of samples from a source. The source does not write to the array again. */
export interface AudioChunk<Samples extends Float32Array | Int16Array = Float32Array> extends AudioFormat {
  readonly type: 'audio';
  /** Interleaved, full scale ±1, or ±32768 of integers; its length is a multiple of `channels`. */
  readonly samples: Samples;
  /** `performance.now()` when the last sample arrived; `latencyMs` starts here. */
  readonly arrivedAtMs: number;
  /** Samples per channel that were lost just before this chunk. They still count as audio time. */
  readonly lostSamples?: number;
  /** The track that begins with the first sample. Absent: it is that of the chunk before. */
  readonly track?: TrackTitle;
  /** They were skipped on purpose, because the analysis was too slow. */
  readonly skipped?: boolean;
}

/** A change of a source's state, between chunks. */
export interface SourceNotice extends Partial<ReasonCode> {
  readonly type: 'source-lost' | 'source-restored';
  readonly message: string;
}

/** What a sentence about an error states, for programs and other languages. */
export interface ReasonCode {
  /** That of the UserError, or one of the source. */
  readonly code: string;
  /** Absent: none. */
  readonly values?: ReasonValues | undefined;
}

/** What a source that analyzes its audio itself delivers instead of it: the steps of a recording. */
export interface AnalyzedPart {
  readonly type: 'analyzed';
  /** All valid at the same time. */
  readonly outputs: readonly (StepWindow | StreamEvent)[];
  /** Seconds of audio since the stream began, at the end of the part. */
  readonly seconds: number;
}

export type SourceItem<Samples extends Float32Array | Int16Array = Float32Array> =
  | AudioChunk<Samples>
  | SourceNotice
  | AnalyzedPart;

/** What a source needs to know to analyze its audio itself. */
export interface AnalysisRequest {
  /** Name of the stream, for its events. */
  readonly stream: string;
  /** Those of the stream's model. */
  readonly needs: EmotionModel['needs'];
}

/**
 * The port for audio input. One file per kind in `stream/sources/`.
 *
 * `open` starts the source, and closes it when `signal` aborts or the consumer stops iterating. The consumer pulls, so
 * a file is not read ahead. A live source has a bounded queue and reports dropped samples as `lostSamples` of the next
 * chunk. An error from which the source cannot recover is thrown as a UserError.
 *
 * With `analysis`, for a stream from its start, the source may deliver analyzed parts instead of audio.
 */
export interface Source {
  /** As the user wrote it, without secrets: `soundcard:`, `file:song.ogg`, `demo:`, `ws:`. */
  readonly uri: string;
  /** The samples of each chunk are an array of their own that nothing else uses: another thread may take them. */
  readonly ownSamples?: boolean;
  open(signal: AbortSignal, analysis?: AnalysisRequest): AsyncIterable<SourceItem>;
  /** Instead of `open`: 16-bit samples as they arrived, half as large, which another thread converts. */
  openInt16?(signal: AbortSignal): AsyncIterable<SourceItem<Int16Array>>;
}

// ── analysis ────────────────────────────────────────────────────────────────────────────────────

/** log10(1 + 10⁴ · mel power) of one 32 ms window; `MEL_BANDS` values. */
export type MelFrame = Float32Array;

/** The input of one step. The next step reuses the arrays: copy them to keep them. */
export interface StepWindow {
  /** Index of the step; `t = STEP_SECONDS · (step + 1)`. */
  readonly step: number;
  /** [WINDOW_FRAMES, MEL_BANDS] row-major, oldest first; frames from before the stream began are 0. */
  readonly mel: Float32Array;
  /** Number of the last rows of `mel` that are new since the step before: 30 to 32. */
  readonly newFrames: number;
  /** Momentary loudness (400 ms) at the end of the step in LUFS, ITU-R BS.1770; -Infinity for digital silence. */
  readonly loudness: number;
  /** `performance.now()` when the step's last sample arrived. */
  readonly arrivedAtMs: number;
  /**
   * [CLIP_FRAMES, CLIP_BANDS] row-major, oldest first: ln(1 + mel power) of the step's 500 ms, the input of the
   * baselines. Only for a model that `needs` it.
   */
  readonly clip?: Float32Array;
  /** The newest 3 s of mel frames in dB (stream/fine-mel.ts). Only for a model that `needs` them. */
  readonly fine?: FineMelWindow;
  /** [HARMONY_FEATURES] harmony of the last seconds (stream/chroma/harmony.ts). Only for a model that `needs` it. */
  readonly harmony?: Float32Array;
}

/** The parts of `StepWindow` that are computed only for models that need them. */
export type WindowPart = 'clip' | 'fine' | 'harmony';

/** The newest mel frames in dB, 10 ms apart; the input of the audio transformer. */
export interface FineMelWindow {
  /** [FINE_FRAMES, FINE_BANDS] row-major, oldest first; frames from before the stream began are 0. */
  readonly mel: Float32Array;
  /** Number of frames since the stream began. */
  readonly frames: number;
  /** Number of them that are new since the step before: 47 in the first step, then 50. */
  readonly newFrames: number;
}

// ── model ───────────────────────────────────────────────────────────────────────────────────────

/** One stream's state in the model: arrays by name (`h`, `c`, …). */
export type ModelState = Readonly<Record<string, Float32Array>>;

/** Valence and arousal expected at `t + horizon`; the fields are in frame-fields.ts. */
export interface Forecast extends RowOf<typeof FORECAST_FIELDS> {}

/** The model's prediction for one step of one stream. Valence and arousal are in [-1, 1]. */
export interface ModelOutput {
  readonly valence: number;
  readonly arousal: number;
  readonly valenceSd: number;
  readonly arousalSd: number;
  /** 0 … 1. */
  readonly confidence: number;
  readonly forecast: readonly Forecast[];
  readonly state: ModelState;
  /** Probability that another piece of music began within the last seconds. Absent: the model does not detect that. */
  readonly boundary?: number;
  /** How far the model's evidence begins anew because of that, 0 … 1. */
  readonly renewal?: number;
}

/** One stream's input to a batched step. */
export interface ModelInput {
  readonly window: StepWindow;
  readonly state: ModelState;
  /** What is computed of the step already. */
  readonly early?: EarlyPart | undefined;
}

/**
 * What a model has computed of a step before its last sample. Only the model reads it. It is not part of the stream's
 * state: without it, the step computes the same.
 */
export interface EarlyPart {
  /** The state of the stream before the step. */
  readonly before: ModelState;
}

/** One stream's input in the middle of a step: what there is of its window so far. */
export interface EarlyInput extends Omit<ModelInput, 'window'> {
  readonly window: Pick<StepWindow, 'fine'>;
}

/** The port for models: weights and engine, shared by all streams. It holds no state of any stream. */
export interface EmotionModel {
  readonly name: string;
  /** The engine it runs on: `gpu`, `node`, `wasm` or `cpu`. */
  readonly engine: string;
  /** What it needs of `StepWindow` besides `mel`; absent if that is enough. */
  readonly needs?: WindowPart | readonly WindowPart[];
  /** The state of a new stream. */
  initialState(): ModelState;
  /** Predicts one step for each input, in one batch. The outputs are in the order of the inputs. */
  step(inputs: readonly ModelInput[]): ModelOutput[];
  /**
   * Predicts successive steps of one stream, in few calls of the engine: the same outputs as step by step. Absent: only
   * steps.
   *
   * @param state before the first of them
   */
  run?(windows: readonly StepWindow[], state: ModelState): ModelOutput[];
  /** Computes a part of each stream's step before it is due, in one batch. Absent: nothing can be computed before. */
  readonly early?: {
    /** Whether there is something to compute. */
    isDue(input: EarlyInput): boolean;
    compute(inputs: readonly EarlyInput[]): EarlyPart[];
  };
  dispose(): void;
}

// ── what goes out ───────────────────────────────────────────────────────────────────────────────

/**
 * The result of one step, the same object on every output; the fields are in frame-fields.ts. If `activity` is not
 * `music`, valence, arousal and mood are null.
 */
export interface EmotionFrame extends RowOf<typeof FRAME_FIELDS> {}

/** The frames of a time span, aggregated; the fields are in frame-fields.ts. */
export interface EmotionBucket extends RowOf<typeof BUCKET_FIELDS> {
  /** Share of the bucket's frames with each mood that occurs; their sum is at most `music`. */
  readonly moods: Readonly<Partial<Record<Mood, number>>>;
}

/** What a track was like; computed from its frames (track-summaries.ts). */
export interface TrackStatistics {
  /** When it began, in seconds of audio and by the clock. */
  readonly t: number;
  readonly startedAt: string;
  /** Means over the frames with music; null without music. */
  readonly valence: number | null;
  readonly arousal: number | null;
  /** Means over the first and the last 10 s of music. */
  readonly valenceStart: number | null;
  readonly valenceEnd: number | null;
  readonly arousalStart: number | null;
  readonly arousalEnd: number | null;
  readonly peakArousal: number | null;
  /** Mean of the momentary loudness in LUFS, without digital silence. */
  readonly loudness: number | null;
  /** Share of the frames with speech, 0 … 1. */
  readonly speech: number;
  /** Share of the frames with each mood that occurs. */
  readonly moods: Readonly<Partial<Record<Mood, number>>>;
}

/** One track in `GET /v1/streams/{stream}/tracks`. */
export interface TrackSummary extends TrackTitle, TrackStatistics {
  readonly stream: string;
  readonly run: number;
  /** null: it is still playing, and has no statistics yet. */
  readonly endedAt: string | null;
  /** Seconds of audio; until now if it is still playing. */
  readonly seconds: number;
}

interface StreamEventBase {
  readonly stream: string;
  /** Seconds of audio since the stream began. */
  readonly t: number;
  readonly time: string;
  readonly message: string;
}

export type StreamEvent =
  | (StreamEventBase & {
      readonly type: 'stream-started';
      /** Number of the run that begins; only from a server. */
      readonly run?: number;
    })
  /** `code` is absent from messages that older versions stored. */
  | (StreamEventBase & Partial<ReasonCode> & { readonly type: 'source-lost' })
  | (StreamEventBase & { readonly type: 'source-restored' })
  | (StreamEventBase & {
      /** The channels cancel in their mix, so one of them alone is analyzed; they no longer do. */
      readonly type: 'phase-cancellation' | 'phase-restored';
    })
  | (StreamEventBase & {
      readonly type: 'stream-stopped';
      /** The code of the UserError that stopped the stream; absent if the source ended. */
      readonly code?: string;
      readonly values?: ReasonValues | undefined;
      /** Absent without a server, and from messages that older versions stored. */
      readonly because?: StopReason | undefined;
    })
  | (StreamEventBase & {
      readonly type: 'gap';
      /** Why audio was not analyzed. */
      readonly reason: 'overflow' | 'overload' | 'invalid-samples' | 'format-change' | 'restart';
      /** Seconds of audio that were lost, skipped or replaced by silence. */
      readonly seconds: number;
    })
  | (StreamEventBase & TrackTitle & { readonly type: 'track' })
  | (StreamEventBase &
      TrackTitle & {
        readonly type: 'track-ended';
        /** Seconds of audio. */
        readonly seconds: number;
        readonly summary: TrackStatistics;
      })
  | (StreamEventBase & {
      /** Another piece of music began within the last seconds, by the model's boundary detector. */
      readonly type: 'segment';
      /** Probability of that, 0 … 1. */
      readonly confidence: number;
    })
  | (StreamEventBase & {
      readonly type: 'alert-raised' | 'alert-cleared';
      /** Name of the rule. */
      readonly alert: string;
      /** What raised it; absent from alerts that older versions stored. */
      readonly condition?: AlertCondition | undefined;
      /** Why and after how many seconds of audio it ended; only of `alert-cleared`. */
      readonly ended?: AlertEnd | undefined;
    })
  | (StreamEventBase & {
      /** The computer's clock was set; `time` is of the clock after it. Only from a server. */
      readonly type: 'clock-changed';
      /** How far it was set: positive forward, negative back. */
      readonly seconds: number;
    });

/**
 * Why a stream stopped: its source `ended`; it `failed`, for which there is a code; it was `stopped`, `removed` or
 * `renamed` on request or in the configuration; its entry was `changed`, so that it starts again; the server shut down.
 */
export type StopReason = 'ended' | 'failed' | 'stopped' | 'removed' | 'renamed' | 'changed' | 'shutdown';

/**
 * The condition of an alert rule, as the rule has it (spans such as `30s`): what `message` states in English, for
 * programs and other languages.
 */
export type AlertCondition =
  | {
      readonly when: 'valence' | 'arousal';
      readonly over?: number | undefined;
      readonly under?: number | undefined;
      readonly for: string;
    }
  | { readonly when: 'silence' | 'speech'; readonly for: string }
  | { readonly when: 'source-lost' }
  | {
      readonly when: 'change';
      readonly axis: 'valence' | 'arousal' | 'both';
      readonly over: number;
      readonly within: string;
    };

export interface AlertEnd {
  readonly because: 'clear' | 'stream-stopped' | 'source-restored' | 'rule-removed';
  readonly seconds: number;
}

/** What a tracker emits. */
export type StreamMessage = EmotionFrame | StreamEvent;

/** A message for the sinks, with its position in the stream's run. */
export interface PublishedMessage {
  readonly message: StreamMessage;
  /** Number of the run in the log. */
  readonly run: number;
  /** Number of frames in the run before this message. */
  readonly seq: number;
  /** The message as JSON in UTF-8. Serialized once, on first use, and shared by all sinks: never write to it. */
  readonly json: Uint8Array;
}

/**
 * The port for output of the messages of all streams. One file per kind in `sinks/`.
 *
 * `write` returns at once: work that takes time goes into a bounded queue, and messages that do not fit are dropped and
 * counted. It should not throw. If it does, the error is counted and the other sinks still receive the message.
 */
export interface Sink {
  /** Unique among the sinks of a server; a label in `/metrics`. */
  readonly name: string;
  write(published: PublishedMessage): void;
  /** Number of queued messages (absent: it has no queue), and of messages dropped so far. */
  counts?(): { readonly queued?: number; readonly dropped: number };
  /** Releases the sink's resources. No message is written after it. Absent: it has no resources. */
  close?(): void | Promise<void>;
}

// ── other messages of the server ────────────────────────────────────────────────────────────────

/** One stream in `GET /v1/streams` and in the live hello. */
export interface StreamInfo {
  readonly stream: string;
  /** The source as the user wrote it, without secrets. */
  readonly source: string;
  /** `lost`: running, but its source delivers no audio at the moment. */
  readonly state: 'running' | 'lost' | 'stopped';
  /** Number of the run in the log: a stream that starts again begins a new run, with `seq` 0 again. */
  readonly run: number;
  /** When this run began, ISO 8601. */
  readonly startedAt: string;
  /** Why the stream is not running; null if it is. */
  readonly message: string | null;
  /** Why it stopped; absent if it has not, or if only the log has it. */
  readonly because?: StopReason | undefined;
  /** Of the error that `message` states; absent if it is not about one. */
  readonly code?: string | undefined;
  readonly values?: ReasonValues | undefined;
  /** The newest frame. */
  readonly last: EmotionFrame | null;
  /** How late its newest frame was: from the arrival of the step's last sample. Absent: it is not running. */
  readonly lagSeconds?: number | undefined;
  /** The active alerts. */
  readonly alerts?: readonly ActiveAlert[] | undefined;
  /** The profile on whose scale its frames are; absent: the model's own scale. */
  readonly profile?: string | undefined;
  /** Where it is set: over the API, or in the configuration. Absent: a sender's or of the command line, or only in the log. */
  readonly from?: 'api' | 'config' | undefined;
  /** Its names before it was renamed, newest first; absent: none. */
  readonly formerly?: readonly FormerName[] | undefined;
}

/** A name that a stream had before; the log has its frames of that time under it. ISO 8601. */
export interface FormerName {
  readonly stream: string;
  /** null: from its first frame on. */
  readonly since: string | null;
  readonly until: string;
}

/** An alert that was raised and not cleared yet. */
export interface ActiveAlert {
  /** Name of the rule. */
  readonly alert: string;
  /** When it was raised, in seconds of audio and by the clock. */
  readonly t: number;
  readonly time: string;
  readonly message: string;
  readonly condition?: AlertCondition | undefined;
}

/** The first message on `/v1/live`. */
export interface LiveHello {
  readonly type: 'hello';
  readonly protocol: 1;
  readonly version: string;
  readonly model: string;
  readonly engine: string;
  /** The newest run of any stream: later runs have greater numbers. */
  readonly run: number;
  readonly streams: readonly StreamInfo[];
  /** Requested streams that do not exist yet: their messages follow once they start. */
  readonly waiting: readonly string[];
  /** Streams that were removed or renamed since the server started, and are not there again. Absent: none. */
  readonly removed?: readonly StreamRemoved[] | undefined;
  /** The server's clock; absent: an older server. */
  readonly time?: string | undefined;
}

/** Sent to one client: it missed messages, because it read too slowly or requested too long a replay. */
export interface LiveSkipped {
  readonly type: 'skipped';
  readonly count: number;
  readonly message: string;
}

/** Sent to every client: a problem of the server itself, and how it is handled. */
export interface ServerNotice {
  readonly type: 'notice';
  readonly code: 'log-failed' | 'log-restored' | 'log-dropped';
  readonly time: string;
  readonly message: string;
}

/** Sent to the clients of the stream: one of its sessions has changed and can be fetched again by its code. */
export interface SessionNotice {
  readonly type: 'session';
  readonly stream: string;
  /** `calm-otter-42` */
  readonly session: string;
  /** `changed`: its title, tags, notes or markers. */
  readonly change: 'started' | 'changed' | 'stopped' | 'erased';
  /** The marker that was added, changed or erased; absent: something else has changed. */
  readonly marker?: number;
  readonly time: string;
}

/**
 * Sent to the clients of the stream after its last message: it was removed or renamed, so that the server no longer
 * lists it. The log keeps its frames under its name. Not part of the log or of replays.
 */
export interface StreamRemoved {
  readonly type: 'stream-removed';
  readonly stream: string;
  /** The name under which its source goes on; absent if it was removed. */
  readonly renamedTo?: string | undefined;
  readonly time: string;
}

/** The last message before a socket is closed because of an error. */
export interface SocketError {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}

export type LiveMessage =
  | LiveHello
  | LiveSkipped
  | ServerNotice
  | SessionNotice
  | StreamRemoved
  | SocketError
  | StreamMessage;
