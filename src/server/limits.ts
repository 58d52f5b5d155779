/**
 * Every limit of the server. Sizes are in bytes, times in ms. `undertone serve` raises some of them to what the machine
 * can do (machine-limits.ts), and the configuration may set them.
 */
export const LIMITS = {
  /** Running streams. */
  streams: 64,
  /** Stopped streams in the list, with their last frame; the oldest are removed first. */
  stoppedStreams: 64,
  /** Open WebSockets and event streams, in total and from one address. */
  sockets: 256,
  socketsPerAddress: 64,
  /** Open TCP connections from one address. */
  connectionsPerAddress: 256,
  /** Largest message from a client of `/v1/live`, which has nothing to send. */
  controlBytes: 4 * 1024,
  /** Largest message of audio: 0.17 s of 48 kHz stereo f32le. */
  ingestBytes: 64 * 1024,
  /** A client with more unread bytes receives the newest frame of each stream once it has read them … */
  liveBufferBytes: 32 * 1024,
  /** … a replay waits until a client has fewer unread bytes … */
  clientBufferBytes: 256 * 1024,
  /** … and a client that takes longer than this is disconnected. */
  slowClientMs: 10_000,
  pingMs: 30_000,
  /** Time for a sender to send its hello. */
  helloMs: 10_000,
  /** A sender's stream is `source-lost` after this time without audio … */
  audioIdleMs: 10_000,
  /** … and stops after this time. */
  audioGoneMs: 60_000,
  /** Maximum number of frames of one stream that `?since=` replays: one hour. */
  replayFrames: 7_200,
  /** Markers of one session. */
  markers: 10_000,
  /** Profiles, and ratings of one profile. */
  profiles: 256,
  ratings: 1_000,
  /** Body of a JSON request. */
  bodyBytes: 64 * 1024,
  analyzeBytes: 100 * 1024 * 1024,
  /** Analyses at once, and the duration of one: enough for hours of music on a machine with many streams. */
  analyses: 2,
  analyzeMs: 3_600_000,
  /** A stream that starts again within this time of the program's end continues from its saved state. */
  restartMs: 60_000,
  /** Interval at which the states of all streams are saved. */
  saveStatesMs: 30_000,
  /**
   * Shutdown, from the first signal to the exit. An idle machine needs a fraction of a second; containers are killed
   * after 10 s.
   */
  closeMs: 8_000,
};

/** The most streams that a configuration may list or allow. */
export const MAX_STREAMS = 10_000;

export type Limits = Readonly<typeof LIMITS> & {
  /** Sockets and connections from loopback addresses. Default: those of any address. */
  readonly socketsPerLoopback?: number;
  readonly connectionsPerLoopback?: number;
};
