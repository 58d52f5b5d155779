/** When streams were given other names: what the log has of them stays under the name of that time. */
export const RENAMINGS = `
CREATE TABLE renamings (
  id INTEGER PRIMARY KEY,
  from_name TEXT NOT NULL,
  to_name TEXT NOT NULL,
  time_ms INTEGER NOT NULL
);
`;
