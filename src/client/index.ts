/** `undertone/client`: a small typed client for Node and browsers. It contains no code of the server. */

export type { Profile, ProfileFit, Rating } from '../profiles/profile.ts';
export type { DeviceList, SourceKinds } from '../server/inputs/schema.ts';
export type { AddedRating, NewRating, ProfileInfo } from '../server/profiles/schema.ts';
export type { AlertPreview, PreviewedAlert } from '../server/streams/alert-preview.ts';
export type { StreamEntry } from '../server/streams/schema.ts';
export type { SinkStates } from '../server/streams/stream-manager.ts';
export type { MadeToken, NewToken, TokenInfo, TokenList } from '../server/tokens/schema.ts';
export type {
  Marker,
  MarkerChange,
  NewMarker,
  NewSession,
  Session,
  SessionChange,
  SessionList,
} from '../sessions/schema.ts';
export type { AlertRule } from '../sinks/alerts/rule.ts';
export type { SinkEntry } from '../sinks/sink-entry.ts';
export type {
  EmotionBucket,
  EmotionFrame,
  Forecast,
  LiveHello,
  LiveMessage,
  StreamEvent,
  StreamInfo,
} from '../types.ts';
export { type Client, type ClientOptions, createClient, type Span } from './client.ts';
export type { Link, LiveOptions } from './live.ts';
export { ApiError, type Emotions, type FramesQuery } from './request.ts';
export type { AudioSender, SendAudioOptions, SenderState } from './send-audio.ts';
