/** `undertone/client`: a small typed client for Node and browsers. It contains no code of the server. */

export type {
  LibraryFolder,
  LibraryFolders,
  LibraryScan,
  LibraryTrackInfo,
  LibraryTracks,
  NextCandidate,
  NextReason,
  NextTracks,
} from '../library/answers.ts';
export type { Profile, ProfileFit, Rating } from '../profiles/profile.ts';
export type { DeviceList, InputLevels, SourceKinds } from '../server/inputs/schema.ts';
export type { AddedRating, NewRating, ProfileInfo } from '../server/profiles/schema.ts';
export type {
  SpectrogramColumns,
  SpectrogramHello,
  SpectrogramMessage,
} from '../server/spectrogram/schema.ts';
export type { AlertPreview, PreviewedAlert } from '../server/streams/previewed-alert.ts';
export type { MadeToken, NewToken, TokenInfo, TokenList } from '../server/tokens/token-info.ts';
export type { Addendum, NewAddendum, NoteVersion } from '../sessions/record-schema.ts';
export type {
  Marker,
  MarkerChange,
  NewMarker,
  NewSession,
  Session,
  SessionChange,
  SessionList,
  SessionStop,
} from '../sessions/schema.ts';
export type { AlertRule } from '../sinks/alerts/rule.ts';
export type { PlanePoint, TargetPoint } from '../target-path.ts';
export type {
  EmotionBucket,
  EmotionFrame,
  Forecast,
  LiveHello,
  LiveMessage,
  StopReason,
  StreamEvent,
  StreamInfo,
  StreamRemoved,
  TrackStatistics,
  TrackSummary,
} from '../types.ts';
export type { AnalysisError } from './analyze.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export type { NextOptions } from './library.ts';
export type { Link, LiveOptions } from './live.ts';
export { ApiError, type Emotions, type FramesQuery, type Span } from './request.ts';
export type { AudioSender, SendAudioOptions, SenderState } from './send-audio.ts';
export type { AlertRules, NewStream, SinkEntry, SinkState, SinkStates } from './stream-setup.ts';
