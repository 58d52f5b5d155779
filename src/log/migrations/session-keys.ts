/** The key that a client gave a session's start, so that the same start, sent again, begins no second session. */
export const SESSION_KEYS = `
ALTER TABLE sessions ADD COLUMN start_key TEXT; -- NULL: it was started without one
CREATE UNIQUE INDEX sessions_by_key ON sessions (start_key) WHERE start_key IS NOT NULL;
`;
