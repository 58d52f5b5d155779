/** Every bound of the server in one place. Sizes in bytes, times in ms. */
export const LIMITS = {
  /** Streams that run at once. */
  streams: 64,
  /** Stopped streams that are still listed, with their last frame; the oldest are forgotten first. */
  stoppedStreams: 64,
  /** WebSockets at once, in all and from one address. */
  sockets: 256,
  socketsPerAddress: 64,
  /** Connections at once from one address, whatever comes over them. */
  connectionsPerAddress: 256,
  /** Largest message that a client of `/v1/live` may send; it has nothing to say. */
  controlBytes: 4 * 1024,
  /** Largest message of audio: 0.17 s of 48 kHz stereo f32le. */
  ingestBytes: 64 * 1024,
  /** A client with more than this unsent gets no more messages until it has fallen to a quarter … */
  clientBufferBytes: 256 * 1024,
  /** … and is cut where that takes longer than this. */
  slowClientMs: 10_000,
  pingMs: 30_000,
  /** An ingest client has this long to say hello. */
  helloMs: 10_000,
  /** Without audio for this long an ingest stream is `source-lost` … */
  audioIdleMs: 10_000,
  /** … and for this long it is stopped. */
  audioGoneMs: 60_000,
  /** Frames of one stream that `?since=` gives back at most: one hour. */
  replayFrames: 7_200,
  /** Markers of one session. */
  markers: 10_000,
  /** Body of a request of JSON. */
  bodyBytes: 64 * 1024,
  analyzeBytes: 100 * 1024 * 1024,
  /** Analyses at once, and how long one may take. */
  analyses: 2,
  analyzeMs: 600_000,
  /** The goodbye, from the first signal to the end. */
  closeMs: 2_000,
};

export type Limits = Readonly<typeof LIMITS>;
