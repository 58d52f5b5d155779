/**
 * The tracks that stations name, with a summary of each (track-log.ts). `stream` is stored, because a track may be kept
 * longer than its run. A track that continues after a restart is one row.
 *
 * `events.data` has the fields of events that have no column, as JSON.
 */
export const TRACKS = `
ALTER TABLE events ADD COLUMN data TEXT;

CREATE TABLE tracks (
  id INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  run INTEGER NOT NULL,        -- in which it began
  seq INTEGER NOT NULL,        -- number of frames of the run before it
  t REAL NOT NULL,
  started_ms INTEGER NOT NULL,
  ended_ms INTEGER,            -- NULL while it plays
  end_run INTEGER,
  end_seq INTEGER,             -- number of frames of that run before its end
  title TEXT NOT NULL,
  artist TEXT,
  seconds REAL NOT NULL DEFAULT 0,
  valence REAL, arousal REAL,
  valence_start REAL, valence_end REAL, arousal_start REAL, arousal_end REAL,
  peak_arousal REAL,
  loudness REAL,
  speech REAL NOT NULL DEFAULT 0,
  moods TEXT NOT NULL DEFAULT '{}' -- JSON: share of the frames with each mood
);
CREATE INDEX tracks_by_start ON tracks (stream, started_ms, id);
`;
