/** `undertone/client`: a small typed client for Node and browsers. It holds nothing of the server's own code. */

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
export type { Emotions, FramesQuery } from './emotions.ts';
export type { Link, LiveOptions } from './live.ts';
export { ApiError } from './request.ts';
export type { AudioSender, SendAudioOptions, SenderState } from './send-audio.ts';
