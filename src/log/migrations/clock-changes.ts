/**
 * Changes of the clock while a server ran. Between two changes, clock times rise; `clock_places` has where each run that
 * was running then was cut: its frames before `seq` have times of the clock before the change. Runs up to `last_run` began
 * before the change.
 *
 * A moment of a session is a clock time and the newest change before it (`…_clock`; 0: none), because after a change
 * back a clock time occurs twice. `start_run` to `stop_t` are the same moments in the stream's own time.
 *
 * `retention_clock` has one row: the time that ages are relative to (upkeep/retention-clock.ts).
 */
export const CLOCK_CHANGES = `
CREATE TABLE clock_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: sessions refer to it
  time_ms INTEGER NOT NULL,             -- the clock after the change
  seconds REAL NOT NULL,                -- positive: set forward
  first_run INTEGER NOT NULL,           -- of the runs of the same process, also future ones
  last_run INTEGER NOT NULL
);
CREATE TABLE clock_places (
  change INTEGER NOT NULL,
  run INTEGER NOT NULL,
  seq INTEGER NOT NULL,                 -- number of frames of the run before the change
  PRIMARY KEY (change, run)
) WITHOUT ROWID;

ALTER TABLE sessions ADD COLUMN started_clock INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN stopped_clock INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN start_run INTEGER;
ALTER TABLE sessions ADD COLUMN start_t REAL;
ALTER TABLE sessions ADD COLUMN stop_run INTEGER;
ALTER TABLE sessions ADD COLUMN stop_t REAL;
ALTER TABLE markers ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;

CREATE TABLE retention_clock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seen_ms INTEGER NOT NULL,             -- the clock at the last look
  trusted_ms INTEGER NOT NULL,
  leap_ms INTEGER                       -- the clock right after it leaped ahead, until that is trusted
);
`;
