/**
 * `undertone`: the emotion that music expresses, as a library. Audio in (a file, a source or PCM), a frame of
 * valence and arousal for each half second out. docs/library.md shows how.
 */

export type { EngineName } from './model/engine.ts';
export type { PcmFormat } from './stream/pcm.ts';
export type { TrackerState } from './tracker.ts';
export {
  type AnalyzeOptions,
  analyzeFile,
  createTracker,
  type EmotionTracker,
  type EmotionTrackerOptions,
} from './tracking/create-tracker.ts';
export type { Messages } from './tracking/message-streams.ts';
export type {
  PcmChunk,
  PcmInput,
  PcmOptions,
  SourceInput,
  SourceInputOptions,
} from './tracking/track-input.ts';
export {
  type Activity,
  type AudioChunk,
  type AudioFormat,
  type EmotionFrame,
  FORECAST_HORIZONS,
  type Forecast,
  type Source,
  type SourceItem,
  type SourceNotice,
  STEP_SECONDS,
  type StreamEvent,
  type StreamMessage,
} from './types.ts';
export { UserError } from './user-error.ts';
