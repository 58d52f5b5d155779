/**
 * undertone as a library: from audio (a file, a source or PCM) to one frame of valence and arousal per half second, the
 * emotion that the music expresses. The guide is docs/node-api.md.
 */

export type { EngineName } from './model/engine.ts';
export {
  type AnalyzeOptions,
  analyzeFile,
  createTracker,
  type EmotionTracker,
  type EmotionTrackerOptions,
} from './node-api/create-tracker.ts';
export type { Messages } from './node-api/message-streams.ts';
export type {
  PcmChunk,
  PcmInput,
  PcmOptions,
  SourceInput,
  SourceInputOptions,
} from './node-api/track-input.ts';
export type { AxisScale, Scale } from './profiles/profile.ts';
export type { PcmFormat } from './stream/pcm.ts';
export type { TrackerState } from './tracker.ts';
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
