/** `undertone/client`: a small typed client for Node and browsers. It contains no code of the server. */

export type {
  LibraryTracks,
  NextCandidate,
  NextTracks,
  TrackSummary as LibraryTrack,
} from '../library/answers.ts';
export type { Profile, ProfileFit, Rating } from '../profiles/profile.ts';
export type { AddedRating, NewRating, ProfileInfo } from '../server/profiles/schema.ts';
export type {
  Marker,
  MarkerChange,
  NewMarker,
  NewSession,
  Session,
  SessionChange,
  SessionList,
} from '../sessions/schema.ts';
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
export type { NextOptions } from './library.ts';
export type { Link, LiveOptions } from './live.ts';
export { ApiError, type Emotions, type FramesQuery } from './request.ts';
export type { AudioSender, SendAudioOptions, SenderState } from './send-audio.ts';
