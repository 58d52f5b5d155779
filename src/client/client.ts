import type { Resolution } from '../log/query.ts';
import type { EmotionFrame, StreamInfo, TrackSummary } from '../types.ts';
import { analyzeFrames } from './analyze.ts';
import { inputsOf } from './inputs.ts';
import { libraryOf } from './library.ts';
import { type LiveOptions, live } from './live.ts';
import { profilesOf } from './profiles.ts';
import {
  type Address,
  type FramesQuery,
  requestEmotions,
  requestJson,
  type Span,
  type Upload,
} from './request.ts';
import { type SendAudioOptions, sendAudio } from './send-audio.ts';
import { sessionsOf } from './sessions.ts';
import { type SpectrogramOptions, spectrogram } from './spectrogram.ts';
import { streamSetupOf } from './stream-setup.ts';
import { tokensOf } from './tokens.ts';

export type ClientOptions = Address;

export type Client = ReturnType<typeof createClient>;

/**
 * Creates a client of one undertone server, for Node and browsers.
 *
 * @example
 * const undertone = createClient({ url: 'http://127.0.0.1:8787/' });
 * for await (const message of undertone.live({ streams: ['booth'] }))
 *   if (message.type === 'emotion') console.log(message.valence, message.arousal);
 */
export function createClient(options: ClientOptions) {
  const address = { ...options };
  return {
    /** Receives frames and events as they are emitted, and reconnects when the connection drops. */
    live: (liveOptions: LiveOptions = {}) => live(address, liveOptions),
    /** Receives the mel frames that the model sees of a stream, while the caller iterates. */
    spectrogram: (stream: string, options?: SpectrogramOptions) => spectrogram(address, stream, options),
    /** Sends live PCM to a stream; starts the stream if it does not run. */
    sendAudio: (stream: string, audio: SendAudioOptions) => sendAudio(address, stream, audio),

    streams: {
      /** Running and recently stopped streams. */
      async list(): Promise<StreamInfo[]> {
        return (await requestJson<{ streams: StreamInfo[] }>(address, 'GET', 'v1/streams')).streams;
      },
      /** One stream, also one that is only in the log. @throws ApiError `unknown-stream` */
      get: (name: string) =>
        requestJson<StreamInfo>(address, 'GET', `v1/streams/${encodeURIComponent(name)}`),
      /** Frames of a stream from the log; without a range, those of the last hour. */
      emotions: <R extends Resolution = 'step'>(
        name: string,
        query?: FramesQuery<R> & Span,
        signal?: AbortSignal,
      ) => requestEmotions(address, `v1/streams/${encodeURIComponent(name)}/emotions`, query, signal),
      /** Tracks that the station named, newest first; at most 100 without a limit. */
      async tracks(name: string, query: Span & { readonly limit?: number } = {}): Promise<TrackSummary[]> {
        const path = `v1/streams/${encodeURIComponent(name)}/tracks`;
        const { tracks } = await requestJson<{ tracks: TrackSummary[] }>(address, 'GET', path, {
          query: { ...query },
        });
        return tracks;
      },
      ...streamSetupOf(address),
    },

    /** The same, frame by frame as the server analyzes it; last an `error` if the file is damaged. */
    analyzeFrames: (file: Upload, signal?: AbortSignal) => analyzeFrames(address, file, signal),

    inputs: inputsOf(address),
    tokens: tokensOf(address),

    /** Analyzes an audio file; `error` is set if the file could be analyzed only in part. */
    analyze: (file: Upload, signal?: AbortSignal) =>
      requestJson<{
        readonly frames: readonly EmotionFrame[];
        readonly error?: { readonly code: string; readonly message: string };
      }>(address, 'POST', 'v1/analyze', { file, signal }),

    sessions: sessionsOf(address),
    profiles: profilesOf(address),
    library: libraryOf(address),
    /** `degraded` while the server cannot write its log. Needs no token. */
    health: () =>
      requestJson<{ readonly status: 'ok' | 'degraded'; readonly version: string }>(
        address,
        'GET',
        'healthz',
      ),
  };
}
