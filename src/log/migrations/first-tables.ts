/**
 * A stream that restarts begins a new run, and `seq` counts from 0 in each run. So (run, seq) is the key, and the rows
 * of a run are next to each other on disk, in order. `t` is not stored: it is `STEP_SECONDS · (seq + 1)`. Times are
 * milliseconds since 1970, UTC.
 */
export const STREAMS_RUNS_FRAMES = `
CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL REFERENCES streams (id),
  source TEXT NOT NULL,
  model TEXT NOT NULL,
  started_ms INTEGER NOT NULL
);
CREATE INDEX runs_by_stream ON runs (stream, id);

CREATE TABLE frames (
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  valence REAL, arousal REAL, valence_sd REAL, arousal_sd REAL,
  forecast BLOB,              -- forecast-blob.ts
  mood TEXT,
  loudness REAL,
  activity INTEGER NOT NULL,  -- 0 music, 1 speech, 2 silence
  confidence REAL NOT NULL,
  latency_ms REAL NOT NULL,
  PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE INDEX frames_by_time ON frames (run, time_ms);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,       -- number of frames of the run before this event
  time_ms INTEGER NOT NULL,
  t REAL NOT NULL,
  type TEXT NOT NULL,
  message TEXT NOT NULL,
  code TEXT,                  -- of the error that stopped a stream
  reason TEXT,                -- of a gap
  seconds REAL                -- of a gap
);
CREATE INDEX events_by_place ON events (run, seq);
`;

/** Sessions, which are named spans of a stream, and their markers. */
export const SESSIONS = `
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,  -- calm-otter-42: its id in the API
  stream TEXT NOT NULL,       -- a name, not an id: a session may outlive its stream in the log
  title TEXT,
  notes TEXT NOT NULL,
  tags TEXT NOT NULL,         -- JSON: a list of strings
  started_ms INTEGER NOT NULL,
  stopped_ms INTEGER          -- NULL while it is open
);
CREATE INDEX sessions_by_start ON sessions (started_ms, id);
CREATE INDEX sessions_by_stream ON sessions (stream, started_ms);

CREATE TABLE markers (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  run INTEGER, t REAL,        -- the same moment in the stream's own time, if it received audio
  note TEXT NOT NULL
);
CREATE INDEX markers_by_time ON markers (session, time_ms, id);
`;
