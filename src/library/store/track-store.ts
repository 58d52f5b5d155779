import type Database from 'libsql';
import { transaction } from '../../log/sql.ts';
import { keyName, type MusicalKey } from '../music/musical-key.ts';
import type { AnalyzedFile, FailedFile, FileState, LibraryTrack } from './library-track.ts';
import { columnsOf, type TrackRow, trackOf } from './track-row.ts';

/** What is known of a file without decoding its track. */
export interface KnownFile extends FileState {
  readonly id: number;
  readonly seconds: number;
  readonly model: string;
  /** Not found when its folder was last scanned. */
  readonly missing: boolean;
}

/** What another program knows of a file; null where it knows nothing. */
export interface ImportedFacts {
  readonly bpm: number | null;
  readonly key: MusicalKey | null;
  readonly rating: number | null;
  readonly title: string | null;
  readonly artist: string | null;
}

const KNOWN = 'id, path, size, mtime_ms AS mtimeMs, seconds, model, missing';

type KnownRow = Omit<KnownFile, 'missing'> & { readonly missing: number };

const knownOf = (row: KnownRow): KnownFile => ({ ...row, missing: row.missing === 1 });

/** Reads and writes the tables of a library. Every method is one transaction. */
export class TrackStore {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** The tracks that were found at the last scan, by path. */
  tracks(): LibraryTrack[] {
    const rows = this.#db.prepare('SELECT * FROM tracks WHERE missing = 0 ORDER BY path').all();
    return (rows as TrackRow[]).map(trackOf);
  }

  byPath(path: string): LibraryTrack | undefined {
    const row = this.#db.prepare('SELECT * FROM tracks WHERE path = ?').get(path) as TrackRow | undefined;
    return row && trackOf(row);
  }

  /** Changes whenever another connection has changed the library. */
  get version(): number {
    return (this.#db.prepare('PRAGMA data_version').get() as { data_version: number }).data_version;
  }

  /** The files of all tracks by path, in the order of the paths. */
  knownFiles(): Map<string, KnownFile> {
    const rows = this.#db.prepare(`SELECT ${KNOWN} FROM tracks ORDER BY path`).all() as KnownRow[];
    return new Map(rows.map((row) => [row.path, knownOf(row)]));
  }

  withHash(hash: string): KnownFile[] {
    const rows = this.#db.prepare(`SELECT ${KNOWN} FROM tracks WHERE hash = ?`).all(hash) as KnownRow[];
    return rows.map(knownOf);
  }

  failures(): (FileState & { readonly model: string; readonly message: string })[] {
    return this.#db
      .prepare('SELECT path, size, mtime_ms AS mtimeMs, model, message FROM failures ORDER BY path')
      .all() as ReturnType<TrackStore['failures']>;
  }

  folders(): string[] {
    return (this.#db.prepare('SELECT path FROM folders ORDER BY path').all() as { path: string }[]).map(
      ({ path }) => path,
    );
  }

  addFolder(path: string): void {
    this.#db.prepare('INSERT OR IGNORE INTO folders (path) VALUES (?)').run(path);
  }

  removeFolder(path: string): void {
    this.#db.prepare('DELETE FROM folders WHERE path = ?').run(path);
  }

  /** Adds a track, or replaces its analysis; what was imported from other programs stays. */
  put(analyzed: AnalyzedFile): void {
    const columns = columnsOf(analyzed);
    const names = Object.keys(columns);
    const updates = names.filter((name) => name !== 'path' && name !== 'rating');
    transaction(this.#db, () => {
      this.#db
        .prepare(
          `INSERT INTO tracks (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
           ON CONFLICT (path) DO UPDATE SET ${updates.map((name) => `${name} = excluded.${name}`).join(', ')},
             rating = coalesce(excluded.rating, rating)`,
        )
        .run(...Object.values(columns));
      this.#forgetFailure(analyzed.file.path);
    });
  }

  putFailure({ file, model, code, message }: FailedFile): void {
    transaction(this.#db, () => {
      this.#db.prepare('DELETE FROM tracks WHERE path = ?').run(file.path);
      this.#db
        .prepare(
          'INSERT OR REPLACE INTO failures (path, size, mtime_ms, model, code, message) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(file.path, file.size, file.mtimeMs, model, code, message);
    });
  }

  /** Gives a track that has moved, or whose time has changed, its new place. */
  place(id: number, { path, size, mtimeMs }: FileState): void {
    transaction(this.#db, () => {
      this.#db.prepare('DELETE FROM tracks WHERE path = ? AND id <> ?').run(path, id);
      this.#db
        .prepare('UPDATE tracks SET path = ?, size = ?, mtime_ms = ?, missing = 0 WHERE id = ?')
        .run(path, size, mtimeMs, id);
      this.#forgetFailure(path);
    });
  }

  /** Adds an identical copy of a track at another path. */
  copy(id: number, { path, size, mtimeMs }: FileState): void {
    const own = ['id', 'path', 'size', 'mtime_ms', 'missing'];
    const columns = (this.#db.prepare('PRAGMA table_info(tracks)').all() as { name: string }[])
      .map(({ name }) => name)
      .filter((name) => !own.includes(name))
      .join(', ');
    transaction(this.#db, () => {
      this.#db
        .prepare(
          `INSERT OR REPLACE INTO tracks (path, size, mtime_ms, missing, ${columns})
           SELECT ?, ?, ?, 0, ${columns} FROM tracks WHERE id = ?`,
        )
        .run(path, size, mtimeMs, id);
      this.#forgetFailure(path);
    });
  }

  /** Notes the state of a file after its tags were written, so that it is not analyzed again. */
  retag(id: number, { size, mtimeMs }: FileState, hash: string): void {
    this.#db
      .prepare('UPDATE tracks SET size = ?, mtime_ms = ?, hash = ? WHERE id = ?')
      .run(size, mtimeMs, hash, id);
  }

  /** Stores what another program knows; what it does not know stays as it is. */
  importFacts(id: number, { bpm, key, rating, title, artist }: ImportedFacts): void {
    this.#db
      .prepare(
        `UPDATE tracks SET imported_bpm = coalesce(?, imported_bpm), imported_key = coalesce(?, imported_key),
           rating = coalesce(?, rating), title = coalesce(title, ?), artist = coalesce(artist, ?) WHERE id = ?`,
      )
      .run(bpm, key && keyName(key), rating, title, artist, id);
  }

  setMissing(ids: readonly number[], missing: boolean): void {
    const update = this.#db.prepare('UPDATE tracks SET missing = ? WHERE id = ?');
    transaction(this.#db, () => {
      for (const id of ids) update.run(missing ? 1 : 0, id);
    });
  }

  remove(ids: readonly number[]): void {
    const removal = this.#db.prepare('DELETE FROM tracks WHERE id = ?');
    transaction(this.#db, () => {
      for (const id of ids) removal.run(id);
    });
  }

  removeFailures(paths: readonly string[]): void {
    for (const path of paths) this.#forgetFailure(path);
  }

  /** Tempos and keys from tags or other programs beside undertone's own estimates. */
  estimates(): {
    readonly bpm: number | null;
    readonly estimatedBpm: number | null;
    readonly key: string | null;
    readonly estimatedKey: string | null;
  }[] {
    return this.#db
      .prepare(
        `SELECT coalesce(imported_bpm, tag_bpm) AS bpm, estimated_bpm AS estimatedBpm,
           coalesce(imported_key, tag_key) AS key, estimated_key AS estimatedKey
         FROM tracks WHERE missing = 0`,
      )
      .all() as ReturnType<TrackStore['estimates']>;
  }

  #forgetFailure(path: string): void {
    this.#db.prepare('DELETE FROM failures WHERE path = ?').run(path);
  }
}
