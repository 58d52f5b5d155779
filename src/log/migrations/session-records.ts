/**
 * What makes a session a record: its number in the client's own records, the target path, the signature that locks it,
 * earlier versions of its notes, and addenda to a signed session.
 */
export const SESSION_RECORDS = `
ALTER TABLE sessions ADD COLUMN record_number TEXT;
ALTER TABLE sessions ADD COLUMN target TEXT;      -- JSON: a list of {t, valence, arousal}
ALTER TABLE sessions ADD COLUMN signed_ms INTEGER; -- NULL: not signed
ALTER TABLE sessions ADD COLUMN signed_by TEXT;

CREATE TABLE note_versions (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL,
  marker INTEGER,             -- NULL: the notes of the session itself
  replaced_ms INTEGER NOT NULL,
  text TEXT NOT NULL          -- as it was until then
);
CREATE INDEX note_versions_by_session ON note_versions (session, id);

CREATE TABLE addenda (
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX addenda_by_session ON addenda (session, id);
`;
