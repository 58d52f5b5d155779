import { randomInt } from 'node:crypto';
import type Database from 'libsql';
import { Problem } from '../server/http/problem.ts';

/** A session as the database has it; times in ms since 1970. */
export interface SessionRow {
  readonly id: number;
  readonly code: string;
  readonly stream: string;
  readonly title: string | null;
  readonly notes: string;
  /** JSON: a list of texts. */
  readonly tags: string;
  readonly startedMs: number;
  readonly stoppedMs: number | null;
  /** How many markers it has. */
  readonly markers: number;
}

export type NewSessionRow = Omit<SessionRow, 'id' | 'markers'>;

export interface SessionFilter {
  readonly stream?: string | undefined;
  readonly tag?: string | undefined;
  readonly state?: 'open' | 'stopped' | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only what comes after this place in the list. */
  readonly after?: { readonly startedMs: number; readonly id: number } | undefined;
}

const COLUMNS = `sessions.id AS id, code, stream, title, notes, tags, started_ms AS startedMs, stopped_ms AS stoppedMs,
  (SELECT count(*) FROM markers WHERE session = sessions.id) AS markers`;

/** The table of sessions. It knows SQL and nothing of rules. */
export class SessionStore {
  readonly #db: Database.Database;
  readonly #sql;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#sql = {
      byCode: db.prepare(`SELECT ${COLUMNS} FROM sessions WHERE code = ?`),
      insert: db.prepare(
        'INSERT INTO sessions (code, stream, title, notes, tags, started_ms, stopped_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ),
      describe: db.prepare('UPDATE sessions SET title = ?, notes = ?, tags = ? WHERE id = ?'),
      stop: db.prepare('UPDATE sessions SET stopped_ms = ? WHERE id = ? AND stopped_ms IS NULL'),
      erase: db.prepare('DELETE FROM sessions WHERE id = ?'),
      ranges: db.prepare(
        'SELECT code, started_ms AS fromMs, stopped_ms AS toMs FROM sessions WHERE stream = ? ORDER BY started_ms',
      ),
    };
  }

  get(code: string): SessionRow | undefined {
    return this.#sql.byCode.get(code) as SessionRow | undefined;
  }

  insert({ code, stream, title, notes, tags, startedMs, stoppedMs }: NewSessionRow): void {
    this.#sql.insert.run(code, stream, title, notes, tags, startedMs, stoppedMs);
  }

  describe({ id, title, notes, tags }: Pick<SessionRow, 'id' | 'title' | 'notes' | 'tags'>): void {
    this.#sql.describe.run(title, notes, tags, id);
  }

  stop(id: number, stoppedMs: number): void {
    this.#sql.stop.run(stoppedMs, id);
  }

  erase(id: number): void {
    this.#sql.erase.run(id);
  }

  /** Newest first. */
  list(filter: SessionFilter, limit: number): SessionRow[] {
    const where: string[] = ['1'];
    const values: (string | number)[] = [];
    const add = (condition: string, ...given: (string | number)[]) => {
      where.push(condition);
      values.push(...given);
    };
    if (filter.stream !== undefined) add('stream = ?', filter.stream);
    if (filter.tag !== undefined)
      add('EXISTS (SELECT 1 FROM json_each(sessions.tags) WHERE value = ?)', filter.tag);
    if (filter.state !== undefined) add(`stopped_ms IS ${filter.state === 'open' ? '' : 'NOT '}NULL`);
    if (filter.fromMs !== undefined) add('(stopped_ms IS NULL OR stopped_ms >= ?)', filter.fromMs);
    if (filter.toMs !== undefined) add('started_ms < ?', filter.toMs);
    if (filter.after) add('(started_ms, sessions.id) < (?, ?)', filter.after.startedMs, filter.after.id);
    return this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM sessions WHERE ${where.join(' AND ')} ORDER BY started_ms DESC, sessions.id DESC LIMIT ?`,
      )
      .all(...values, limit) as SessionRow[];
  }

  /** The spans of a stream's sessions; an open one has no end. */
  ranges(stream: string): { code: string; fromMs: number; toMs: number | null }[] {
    return this.#sql.ranges.all(stream) as { code: string; fromMs: number; toMs: number | null }[];
  }
}

/** A place in the list of sessions, as a text that clients hand back and need not understand. */
export interface Place {
  readonly startedMs: number;
  readonly id: number;
}

export const encodeCursor = ({ startedMs, id }: Place): string =>
  Buffer.from(`${startedMs}.${id}`).toString('base64url');

export function decodeCursor(text: string): Place {
  const match = /^(-?\d{1,16})\.(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (match) return { startedMs: Number(match[1]), id: Number(match[2]) };
  const expected = '`next` of an earlier answer';
  throw new Problem(400, 'bad-request', `The request is wrong: cursor: expected ${expected}.`, {}, [
    { path: 'cursor', expected, got: text },
  ]);
}

/**
 * A session's code: easy to read out, to write on paper and to tell from another, and it says nothing of
 * anybody. About 370,000 of them; who draws one that is taken draws again.
 */
export function newCode(): string {
  return `${pick(QUALITIES)}-${pick(ANIMALS)}-${randomInt(10, 100)}`;
}

const pick = (words: readonly string[]): string => words[randomInt(words.length)]!;

// None says anything of a person's state: the code stands on reports. No two sound alike.
const QUALITIES =
  'amber azure birch blue brass bright bronze cedar chalk clear cloud cobalt copper coral crimson dawn deep dusk early east fern flint forest gold granite green hazel high indigo iron ivory jade lake lemon light lilac linen lunar maple marble marine meadow mint misty moss north oak olive opal pearl pine plain plum quartz quick rapid river round royal ruby rust sage sand scarlet shore silk silver slate snow solar south spring star steel stone summer swift tall teal tidal timber topaz velvet violet west white wide willow winter wood woven'.split(
    ' ',
  );
const ANIMALS =
  'badger beaver bison bobcat camel caribou cat cobra condor crane cricket curlew deer dolphin dove dragonfly duck eagle egret elk falcon ferret finch fox gazelle gecko goose grouse gull hare hawk hedgehog heron horse ibex ibis jackdaw jaguar kestrel kingfisher kite koala lark lemur leopard lion llama lynx magpie marten mole moose moth newt nuthatch orca oriole osprey otter owl panda panther parrot pelican penguin pheasant pigeon plover pony puffin quail rabbit raven robin salmon seal shrew snipe sparrow squirrel stork swallow swan swift tapir tern thrush tiger toad trout turtle vole walrus warbler whale wolf wombat wren yak zebra'.split(
    ' ',
  );
