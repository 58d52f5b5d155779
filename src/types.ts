/**
 * The nouns of undertone, in the order in which data flows:
 * Source → AudioChunk → MelFrame → StepWindow → ModelOutput → EmotionFrame → Sink.
 */

import type { BUCKET_FIELDS, FORECAST_FIELDS, FRAME_FIELDS, RowOf } from './frame-fields.ts';
import type { Mood } from './mood.ts';

export { ACTIVITIES, type Activity, AXES, type Axis, EMPTY_FRAME, Z90 } from './frame-fields.ts';

/** Seconds of audio time between two steps. Step k ends at `STEP_SECONDS · (k + 1)`. */
export const STEP_SECONDS = 0.5;

/** Seconds ahead of `t` for which every emotion frame carries a forecast. */
export const FORECAST_HORIZONS = [0.5, 1, 2, 5, 10] as const;

/** What may name a stream, an alert or a webhook: it stands in addresses, file names and the log. */
export const STREAM_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

// ── audio in ────────────────────────────────────────────────────────────────────────────────────

/** How a source's samples lie in time: 8,000 to 192,000 Hz, 1 to 32 channels. */
export interface AudioFormat {
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** A run of samples as a source delivers them. Sources hand the array over and never write to it again. */
export interface AudioChunk extends AudioFormat {
  readonly type: 'audio';
  /** Interleaved, full scale ±1; its length is a multiple of `channels`. */
  readonly samples: Float32Array;
  /** `performance.now()` when the last sample arrived; the start of `latencyMs`. */
  readonly arrivedAtMs: number;
  /** Samples per channel known to be lost just before this chunk; they still count as audio time. */
  readonly lostSamples?: number;
}

/** What a source says about itself between chunks. */
export interface SourceNotice {
  readonly type: 'source-lost' | 'source-restored';
  readonly message: string;
}

export type SourceItem = AudioChunk | SourceNotice;

/**
 * Where a stream's audio comes from. One file per kind under `stream/sources/`.
 *
 * `open` starts the source and ends it when `signal` aborts or the consumer stops iterating. The
 * consumer pulls, so a file is never read ahead of need; live sources queue at most a bounded amount
 * and report what they had to drop as `lostSamples` of the next chunk. A fault that cannot be mended
 * is thrown as a UserError with one clear sentence.
 */
export interface Source {
  /** As the user wrote it: `soundcard:`, `file:song.ogg`, `demo:`, `ws:`. */
  readonly uri: string;
  open(signal: AbortSignal): AsyncIterable<SourceItem>;
}

// ── analysis ────────────────────────────────────────────────────────────────────────────────────

/** log10(1 + 10⁴ · mel power) of one 32 ms window; `MEL_BANDS` values. */
export type MelFrame = Float32Array;

/** What a step looks at. The arrays are reused by the next step: copy what must outlive it. */
export interface StepWindow {
  /** Index of the step; `t = STEP_SECONDS · (step + 1)`. */
  readonly step: number;
  /** [WINDOW_FRAMES, MEL_BANDS] row-major, oldest first; frames from before the stream began are 0. */
  readonly mel: Float32Array;
  /** How many of the last rows of `mel` came in since the step before: 30 to 32. */
  readonly newFrames: number;
  /** Momentary loudness (400 ms) at the end of the step in LUFS, ITU-R BS.1770; -Infinity for digital silence. */
  readonly loudness: number;
  /** `performance.now()` when the step's last sample arrived. */
  readonly arrivedAtMs: number;
  /**
   * [CLIP_FRAMES, CLIP_BANDS] row-major, oldest first: ln(1 + mel power) of the step's own 500 ms, as the systems of
   * the literature hear it. Only there for a model that `hears` it.
   */
  readonly clip?: Float32Array;
}

// ── model ───────────────────────────────────────────────────────────────────────────────────────

/** A stream's memory inside the model: named arrays (`h`, `c`, …), one stream's worth each. */
export type ModelState = Readonly<Record<string, Float32Array>>;

/** Valence and arousal expected at `t + horizon`; the fields are in frame-fields.ts. */
export interface Forecast extends RowOf<typeof FORECAST_FIELDS> {}

/** What the model says of one step of one stream. Valence and arousal lie in [-1, 1]. */
export interface ModelOutput {
  readonly valence: number;
  readonly arousal: number;
  readonly valenceSd: number;
  readonly arousalSd: number;
  /** 0 … 1. */
  readonly confidence: number;
  readonly forecast: readonly Forecast[];
  readonly state: ModelState;
}

/** One stream's input to a batched step. */
export interface ModelInput {
  readonly window: StepWindow;
  readonly state: ModelState;
}

/** Weights and engine, shared by all streams; it holds nothing of any one stream. */
export interface EmotionModel {
  readonly name: string;
  /** The engine it runs on: `gpu`, `node`, `wasm` or `cpu`. */
  readonly engine: string;
  /** Whether it needs `StepWindow.clip`; absent: `mel` alone. */
  readonly needs?: 'clip';
  /** The state of a stream that has heard nothing. */
  initialState(): ModelState;
  /** One step for each input, in one batch; outputs in the order of the inputs. */
  step(inputs: readonly ModelInput[]): ModelOutput[];
  dispose(): void;
}

// ── what goes out ───────────────────────────────────────────────────────────────────────────────

/**
 * One step's result, the same object on every output; the fields are in frame-fields.ts. Where `activity` is not
 * `music`, nothing is invented.
 */
export interface EmotionFrame extends RowOf<typeof FRAME_FIELDS> {}

/** What a span of a stream's log holds, at a resolution coarser than steps; the fields are in frame-fields.ts. */
export interface EmotionBucket extends RowOf<typeof BUCKET_FIELDS> {
  /** Share of the bucket's frames of each mood that occurs, together at most `music`. */
  readonly moods: Readonly<Partial<Record<Mood, number>>>;
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
      /** Number of the run that begins, where a server tells it. */
      readonly run?: number;
    })
  | (StreamEventBase & { readonly type: 'source-lost' | 'source-restored' })
  | (StreamEventBase & {
      readonly type: 'stream-stopped';
      /** The UserError code where a fault ended the stream; absent where it came to its end. */
      readonly code?: string;
    })
  | (StreamEventBase & {
      readonly type: 'gap';
      /** Why audio was not heard. */
      readonly reason: 'overflow' | 'invalid-samples' | 'format-change';
      /** Seconds of audio that were lost or replaced by silence. */
      readonly seconds: number;
    })
  | (StreamEventBase & {
      readonly type: 'alert-raised' | 'alert-cleared';
      /** Name of the rule. */
      readonly alert: string;
    });

/** What a tracker emits. */
export type StreamMessage = EmotionFrame | StreamEvent;

/** A message on its way to the sinks, with its place in the stream's run. */
export interface PublishedMessage {
  readonly message: StreamMessage;
  /** Number of the run in the log. */
  readonly run: number;
  /** Frames that the run had emitted before this message. */
  readonly seq: number;
  /** What clients receive: JSON in UTF-8. Serialized once, on first use, and shared by all sinks: never write to it. */
  readonly json: Uint8Array;
}

/**
 * Where the messages of all streams go. One file per kind under `sinks/`.
 *
 * `write` returns at once: what takes time goes into a bounded queue, and what does not fit is dropped and
 * counted. It should not throw; where it does, the fan-out catches and counts the fault, and the other sinks
 * still get the message.
 */
export interface Sink {
  /** Unique among the sinks of a server; a label in `/metrics`. */
  readonly name: string;
  write(published: PublishedMessage): void;
  /** Messages waiting now (absent: it has no queue of messages), and messages dropped so far. */
  counts?(): { readonly queued?: number; readonly dropped: number };
  /** Releases what the sink holds; nothing is written to it afterwards. Absent: it holds nothing. */
  close?(): void | Promise<void>;
}

// ── what the server says besides ────────────────────────────────────────────────────────────────

/** One stream as `GET /v1/streams` and the live hello show it. */
export interface StreamInfo {
  readonly stream: string;
  /** The source as the user wrote it, without any password. */
  readonly source: string;
  /** `lost`: running, but its source is silent or gone for now. */
  readonly state: 'running' | 'lost' | 'stopped';
  /** Number of the run in the log: a stream that starts again begins a new run, with `seq` 0 again. */
  readonly run: number;
  /** When this run began, ISO 8601. */
  readonly startedAt: string;
  /** The newest event's sentence, where it says why the stream is not running. */
  readonly message: string | null;
  /** The newest frame. */
  readonly last: EmotionFrame | null;
  /** Alerts that are raised now. */
  readonly alerts?: readonly ActiveAlert[] | undefined;
}

/** An alert of a stream: raised and not yet cleared. */
export interface ActiveAlert {
  /** Name of the rule. */
  readonly alert: string;
  /** When it was raised, in seconds of audio and by the clock. */
  readonly t: number;
  readonly time: string;
  readonly message: string;
}

/** The first message on `/v1/live`. */
export interface LiveHello {
  readonly type: 'hello';
  readonly protocol: 1;
  readonly version: string;
  readonly model: string;
  readonly engine: string;
  /** The newest run of any stream: what begins later has a greater number. */
  readonly run: number;
  readonly streams: readonly StreamInfo[];
  /** Asked for by name and not there (yet): their messages follow once they begin. */
  readonly waiting: readonly string[];
}

/** Told to one client: messages it did not get, because it read too slowly or asked for too long a replay. */
export interface LiveSkipped {
  readonly type: 'skipped';
  readonly count: number;
  readonly message: string;
}

/** Told to every client: something is wrong with the server itself, and what is done about it. */
export interface ServerNotice {
  readonly type: 'notice';
  readonly code: 'log-failed' | 'log-restored' | 'log-dropped';
  readonly time: string;
  readonly message: string;
}

/** Told to those who watch the stream: one of its sessions has changed, and can be read anew by its code. */
export interface SessionNotice {
  readonly type: 'session';
  readonly stream: string;
  /** `calm-otter-42` */
  readonly session: string;
  /** `changed`: its title, tags, notes or markers. */
  readonly change: 'started' | 'changed' | 'stopped' | 'erased';
  readonly time: string;
}

/** The last message before a socket is closed for a fault. */
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
  | SocketError
  | StreamMessage;
