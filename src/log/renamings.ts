import type Database from 'libsql';
import type { FormerName, StreamRemoved } from '../types.ts';
import { UserError } from '../user-error.ts';

interface Renaming {
  readonly from: string;
  readonly to: string;
  readonly timeMs: number;
}

/** A stream has no more former names than this; the oldest are left out. */
const MAX_NAMES = 20;

/** The new names that streams were given. What the log has of a stream stays under the name of that time. */
export class Renamings {
  readonly #insert: Database.Statement;
  readonly #change: (work: () => void) => void;
  readonly #all: Renaming[];

  /** @param change runs `work` as one transaction */
  constructor(db: Database.Database, change: (work: () => void) => void) {
    this.#change = change;
    this.#insert = db.prepare('INSERT INTO renamings (from_name, to_name, time_ms) VALUES (?, ?, ?)');
    this.#all = db
      .prepare('SELECT from_name AS "from", to_name AS "to", time_ms AS timeMs FROM renamings ORDER BY id')
      .all() as Renaming[];
  }

  /** Notes a new name; where the log cannot be written, which it reports itself, until the process ends. */
  add({ stream: from, renamedTo: to, time }: StreamRemoved): void {
    if (to === undefined) return;
    const timeMs = Date.parse(time);
    this.#all.push({ from, to, timeMs });
    try {
      this.#change(() => void this.#insert.run(from, to, timeMs));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }

  /** How a stream was renamed last, if not before `sinceMs`. */
  newest(stream: string, sinceMs: number): Renaming | undefined {
    return this.#all.findLast(({ from, timeMs }) => from === stream && timeMs >= sinceMs);
  }

  /** The names that a stream had before, newest first; without its present name, also if it was renamed back. */
  formerly(stream: string): FormerName[] {
    const names: FormerName[] = [];
    let name = stream;
    let end = this.#all.length;
    while (names.length < MAX_NAMES) {
      const at = this.#all.findLastIndex(({ to }, i) => i < end && to === name);
      const renaming = this.#all[at];
      if (renaming === undefined) break;
      // Before that, another stream had the name, or it had another one.
      const before = this.#all.findLast(
        ({ from, to }, i) => i < at && (from === renaming.from || to === renaming.from),
      );
      names.push({
        stream: renaming.from,
        since: before === undefined ? null : new Date(before.timeMs).toISOString(),
        until: new Date(renaming.timeMs).toISOString(),
      });
      name = renaming.from;
      end = at;
    }
    return names.filter((former) => former.stream !== stream);
  }
}
