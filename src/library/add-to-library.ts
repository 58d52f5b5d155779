import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../user-error.ts';
import type { RecordingAnalysis } from './analysis/analyze-recording.ts';
import type { RecordingAnalyzer } from './analysis/worker-analyzer.ts';
import { fileHash } from './file-hash.ts';
import { readFileTags } from './file-tags.ts';
import type { Scan } from './scan.ts';
import type { FileState } from './store/library-track.ts';
import type { TrackStore } from './store/track-store.ts';

/** What became of a changed file. */
export type Outcome = 'analyzed' | 'moved' | 'touched' | 'copy' | 'failed';

export interface AddOptions {
  readonly scan: Scan;
  readonly store: TrackStore;
  /** As many files are analyzed at the same time; closed at the end. */
  readonly analyzers: readonly RecordingAnalyzer[];
  readonly model: string;
  /** Called after each changed file, with a sentence if it failed. */
  readonly onFile?: (outcome: Outcome, message?: string) => void;
  /** Ends the work: the files that are being analyzed are dropped, all before them are stored. */
  readonly signal?: AbortSignal;
}

/**
 * Brings the library up to date with a scan. Every track is stored as soon as it is analyzed, so an interrupted run
 * continues where it stopped. A file with the content of a known track is not analyzed: it has moved, only its time
 * has changed, or it is a copy.
 */
export async function addToLibrary({
  scan,
  store,
  analyzers,
  model,
  onFile = () => {},
  signal,
}: AddOptions): Promise<void> {
  store.setMissing(
    scan.found.map(({ id }) => id),
    false,
  );
  const waiting = scan.changed.values();
  /** Aborted, or one of the analyzers met an error that concerns all. */
  let hasEnded = signal?.aborted ?? false;
  const work = async (analyzer: RecordingAnalyzer) => {
    for (const file of waiting) {
      if (hasEnded) return;
      const outcome = await addFile(file, analyzer);
      if (outcome) onFile(...outcome);
    }
  };

  async function addFile(
    file: FileState,
    analyzer: RecordingAnalyzer,
  ): Promise<[Outcome, string?] | undefined> {
    try {
      const hash = await fileHash(file.path).catch((cause: NodeJS.ErrnoException) => {
        throw new UserError('bad-file', `${file.path} cannot be read (${cause.code}): check it.`, { cause });
      });
      const known = recognize(file, hash);
      if (known) return [known];
      const tags = await readFileTags(file.path);
      const analysis: RecordingAnalysis = await analyzer.analyze(file.path);
      if (hasEnded) return undefined;
      store.put({ file, hash, tags, analysis, model });
      return ['analyzed'];
    } catch (error) {
      if (hasEnded) return undefined;
      if (!(error instanceof UserError)) throw error;
      const message = withPath(file.path, error.message);
      store.putFailure({ file, model, code: error.code, message });
      return ['failed', message];
    }
  }

  function recognize(file: FileState, hash: string): Outcome | undefined {
    const same = store.withHash(hash).filter((track) => track.model === model);
    const own = same.find(({ path }) => path === file.path);
    if (own) {
      store.place(own.id, file);
      return 'touched';
    }
    const moved = same.find(({ path }) => !existsSync(path));
    if (moved) {
      store.place(moved.id, file);
      return 'moved';
    }
    if (!same[0]) return undefined;
    store.copy(same[0].id, file);
    return 'copy';
  }

  const closeAll = () => {
    hasEnded = true;
    return Promise.all(analyzers.map((analyzer) => analyzer.close()));
  };
  const onAbort = () => void closeAll();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.all(analyzers.map(work));
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await closeAll();
  }
  if (signal?.aborted) return;
  const known = new Map([...store.knownFiles().values()].map((track) => [track.id, track.path]));
  store.setMissing(
    scan.gone.filter(({ id, path }) => known.get(id) === path).map(({ id }) => id),
    true,
  );
}

/** A sentence that begins with the name of its file, with the whole path: many folders have a `01.mp3`. */
function withPath(path: string, message: string): string {
  const name = basename(path);
  return message.startsWith(name) ? `${path}${message.slice(name.length)}` : message;
}
