import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { startEngineThread } from '../../model/engine-thread.ts';
import { UserError } from '../../user-error.ts';
import { builtModule } from '../../util/package.ts';
import type { RecordingAnalysis } from './analyze-recording.ts';

/** The reply of a worker to a path. */
export type WorkerReply =
  | { readonly type: 'analyzed'; readonly analysis: RecordingAnalysis }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

/** Analyzes one recording at a time. */
export interface RecordingAnalyzer {
  /** @throws UserError for a file that cannot be analyzed; any other error if the analyzer is broken */
  analyze(path: string): Promise<RecordingAnalysis>;
  close(): Promise<void>;
}

const WORKER = builtModule('src/library/analysis/library-worker.ts');
/** Of each thread; a recording of two hours needs a quarter of it. */
const MAX_MEGABYTES = 1024;

/** An analyzer in a thread of its own, which starts with the first file. A crash of the thread concerns one file. */
export function createWorkerAnalyzer(model: string): RecordingAnalyzer {
  let worker: Worker | undefined;
  return {
    async analyze(path) {
      worker ??= startEngineThread(WORKER, {
        workerData: { model },
        resourceLimits: { maxOldGenerationSizeMb: MAX_MEGABYTES },
      });
      const current = worker;
      const stop = new AbortController();
      try {
        current.postMessage(path);
        const [reply] = await Promise.race([
          once(current, 'message', { signal: stop.signal }) as Promise<[WorkerReply]>,
          once(current, 'exit', { signal: stop.signal }).then(() => {
            throw new UserError('worker-exited', `The analysis of ${path} ended without a result.`);
          }),
        ]);
        if (reply.type === 'analyzed') return reply.analysis;
        throw new UserError(reply.code, reply.message);
      } catch (error) {
        if (error instanceof UserError && error.code !== 'worker-exited') throw error;
        worker = undefined; // The next file gets a new thread.
        await current.terminate();
        throw brokenBy(path, error);
      } finally {
        stop.abort();
      }
    },
    async close() {
      await worker?.terminate();
      worker = undefined;
    },
  };
}

function brokenBy(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  // The model cannot be loaded: this concerns every file.
  if ((error as Error).name === 'UserError')
    return new UserError(code ?? 'bad-model', message, { cause: error });
  const reason =
    code === 'ERR_WORKER_OUT_OF_MEMORY' ? `it needs more than ${MAX_MEGABYTES} MB of memory` : message;
  return new UserError('worker-failed', `${path} cannot be analyzed: ${reason}.`, { cause: error });
}
