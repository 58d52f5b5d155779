/** Spans of a stream that a person keeps, and their markers. */
export const SESSIONS = `
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,  -- calm-otter-42: how people and the API call it
  stream TEXT NOT NULL,       -- a name: the session outlives what the log has of the stream
  title TEXT,
  notes TEXT NOT NULL,
  tags TEXT NOT NULL,         -- JSON: a list of texts
  started_ms INTEGER NOT NULL,
  stopped_ms INTEGER          -- NULL while it is open
);
CREATE INDEX sessions_by_start ON sessions (started_ms, id);
CREATE INDEX sessions_by_stream ON sessions (stream, started_ms);

CREATE TABLE markers (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  run INTEGER, t REAL,        -- the same moment in the stream's own time, where it was heard
  note TEXT NOT NULL
);
CREATE INDEX markers_by_time ON markers (session, time_ms, id);
`;
