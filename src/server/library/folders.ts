import { existsSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Logger } from 'pino';
import { addToLibrary } from '../../library/add-to-library.ts';
import type { RecordingAnalyzer } from '../../library/analysis/worker-analyzer.ts';
import type { LibraryFolders, LibraryScan } from '../../library/answers.ts';
import { isBelow } from '../../library/is-below.ts';
import { scan } from '../../library/scan.ts';
import { openLibrary } from '../../library/store/library-database.ts';
import { TrackStore } from '../../library/store/track-store.ts';
import { UserError } from '../../user-error.ts';

export interface FoldersOptions {
  /** The file of the library; made with the first folder. */
  readonly file: string;
  /** Name of the model that analyzes. */
  readonly model: string;
  /** Analyzes recordings, in a thread of its own. Absent: this server analyzes none. */
  readonly createAnalyzer?: (() => RecordingAnalyzer) | undefined;
  /** Folders of the configuration from which clients may add. */
  readonly allowed: () => readonly string[];
  readonly logger: Logger;
}

type Progress = { -readonly [Key in keyof LibraryScan]: LibraryScan[Key] };

/**
 * The folders of the library, and the scan that brings it up to date: one at a time, in one thread, so that the streams
 * keep theirs. A scan that is stopped continues where it was with the next one; one that the end of the program cut
 * off, with the next start.
 */
export class Folders {
  readonly #options: FoldersOptions;
  #scan:
    | { readonly progress: Progress; readonly stop: AbortController; readonly ended: Promise<void> }
    | undefined;

  #isClosing = false;
  /** This file is there while a scan is unfinished. */
  readonly #mark: string;

  constructor(options: FoldersOptions) {
    this.#options = options;
    this.#mark = `${options.file}.unfinished`;
  }

  /** Continues a scan that the end of the program cut off. */
  resume(): void {
    if (!existsSync(this.#mark) || !this.#options.createAnalyzer) return;
    try {
      // Until a file is done: one that ends the program does so once, not at each start.
      rmSync(this.#mark, { force: true });
      const folders = existsSync(this.#options.file) ? this.#use((store) => store.folders()) : [];
      if (folders.length > 0) this.#begin(folders);
    } catch (err) {
      this.#options.logger.warn({ err }, 'The scan of the library that was cut off cannot be continued.');
    }
  }

  list(): LibraryFolders {
    const { file, allowed } = this.#options;
    const shown = { allowed: [...allowed()], scan: this.#scan ? { ...this.#scan.progress } : null };
    if (!existsSync(file)) return { folders: [], ...shown };
    return this.#use((store) => {
      const tracks = [...store.knownFiles().values()];
      const failures = store.failures();
      const folders = store.folders().map((path) => {
        const isIn = isBelow([path]);
        const own = tracks.filter((track) => isIn(track.path));
        return {
          path,
          tracks: own.length,
          seconds: Math.round(own.reduce((sum, { seconds }) => sum + seconds, 0)),
          missing: own.filter(({ missing }) => missing).length,
          failed: failures.filter((failure) => isIn(failure.path)).length,
        };
      });
      return { folders, ...shown };
    });
  }

  /**
   * Adds a folder and begins to analyze it.
   *
   * @throws UserError `folder-not-allowed`, `library-busy`, `library-file`
   */
  add(path: string): LibraryScan {
    const folder = this.#allowedFolder(path);
    this.#checkFree();
    this.#use((store) => store.addFolder(folder), true);
    this.#setMark(true);
    return this.#begin([folder]);
  }

  /** Analyzes what is new or has changed in all folders. @throws UserError `library-busy`, `no-library`, `no-folders` */
  rescan(): LibraryScan {
    this.#checkFree();
    const folders = this.#use((store) => store.folders());
    if (folders.length === 0) throw new UserError('no-folders', 'The library has no folders yet: add one.');
    this.#setMark(true);
    return this.#begin(folders);
  }

  /** Removes a folder and its tracks from the library; its files stay. @throws UserError `unknown-folder`, `library-busy` */
  remove(folder: string): void {
    this.#checkFree();
    this.#use((store) => {
      if (!store.folders().includes(folder))
        throw new UserError('unknown-folder', `The library has no folder "${folder}".`);
      const others = isBelow(store.folders().filter((one) => one !== folder));
      const isIn = (path: string) => isBelow([folder])(path) && !others(path);
      const tracks = [...store.knownFiles().values()].filter(({ path }) => isIn(path));
      store.remove(tracks.map(({ id }) => id));
      store.removeFailures(store.failures().flatMap(({ path }) => (isIn(path) ? path : [])));
      store.removeFolder(folder);
    });
  }

  /** Stops the scan; what is analyzed is kept. */
  async stop(): Promise<void> {
    this.#scan?.stop.abort();
    await this.#scan?.ended;
  }

  /** Ends the scan with the program: the next start continues it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.stop();
  }

  /** A library on a disk that cannot be written has other errors to report. */
  #setMark(isUnfinished: boolean): void {
    try {
      if (isUnfinished) writeFileSync(this.#mark, '');
      else rmSync(this.#mark, { force: true });
    } catch (err) {
      this.#options.logger.debug({ err }, 'The mark of an unfinished scan of the library cannot be changed.');
    }
  }

  #begin(folders: readonly string[]): LibraryScan {
    const progress: Progress = { state: 'scanning', done: 0, total: 0, failed: 0, message: null };
    const stop = new AbortController();
    const ended = this.#run(folders, progress, stop.signal).then(
      () => {
        progress.state = stop.signal.aborted ? 'stopped' : 'done';
      },
      (error: unknown) => {
        progress.state = 'failed';
        progress.message =
          error instanceof UserError ? error.message : 'The scan failed with an internal error; see the log.';
        this.#options.logger.error({ err: error }, 'The scan of the library failed.');
      },
    );
    void ended.then(() => {
      if (!this.#isClosing) this.#setMark(false);
    });
    this.#scan = { progress, stop, ended };
    return { ...progress };
  }

  async #run(folders: readonly string[], progress: Progress, signal: AbortSignal): Promise<void> {
    const { file, model, createAnalyzer } = this.#options;
    const setMark = () => this.#setMark(true);
    const db = openLibrary(file, { create: true });
    try {
      const store = new TrackStore(db);
      const found = await scan(folders, store, model);
      progress.total = found.changed.length + found.garbled.length;
      progress.done = progress.failed = found.garbled.length;
      progress.state = 'analyzing';
      if (signal.aborted) return;
      await addToLibrary({
        scan: found,
        store,
        model,
        analyzers: found.changed.length > 0 ? [createAnalyzer!()] : [],
        onFile(outcome) {
          if (progress.done++ === 0) setMark();
          if (outcome === 'failed') progress.failed++;
        },
        signal,
      });
    } finally {
      db.close();
    }
  }

  #checkFree(): void {
    if (!this.#options.createAnalyzer)
      throw new UserError(
        'no-library',
        'This server cannot analyze recordings: use "undertone library add".',
      );
    const state = this.#scan?.progress.state;
    if (state === 'scanning' || state === 'analyzing')
      throw new UserError('library-busy', 'The library is being scanned: wait until that ends, or stop it.');
  }

  /** After links and `..` are resolved. A client must not learn which other folders exist. */
  #allowedFolder(path: string): string {
    if (isAbsolute(path) && !path.includes('\0'))
      try {
        const real = realpathSync(path);
        if (isBelow(this.#options.allowed().map((one) => realpathSync(one)))(real)) return real;
      } catch {
        // The same error.
      }
    throw new UserError(
      'folder-not-allowed',
      'This folder cannot be added: "remote.folders" of the configuration lists the folders that clients may use.',
    );
  }

  #use<T>(work: (store: TrackStore) => T, create = false): T {
    const db = openLibrary(this.#options.file, { create });
    try {
      return work(new TrackStore(db));
    } finally {
      db.close();
    }
  }
}
