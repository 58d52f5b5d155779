import { Worker } from 'node:worker_threads';
import type { EmotionFrame } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { deferred } from '../../util/deferred.ts';
import { builtModule } from '../../util/package.ts';
import type { FileAnalyzer } from './analyze.ts';

/** The job of a worker. */
export interface AnalyzeJob {
  readonly path: string;
  readonly model: string;
}

/** Messages of a worker: frames, after each of which it waits for a message to continue; then the end or an error. */
export type AnalyzeReply =
  | { readonly type: 'frames'; readonly frames: readonly EmotionFrame[] }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly code: string; readonly message: string };

const WORKER = builtModule('src/server/analyze/analyze-worker.ts');

/**
 * Analyzes each file in a thread of its own, so that a decoder that hangs, crashes or runs out of memory affects
 * nothing else. The threads use the wasm engine, whatever the streams use: all its memory is freed with the thread.
 */
export function createWorkerAnalyzer(model: string): FileAnalyzer {
  return async function* (path, signal) {
    if (signal.aborted) return;
    const job: AnalyzeJob = { path, model };
    const worker = new Worker(WORKER, { workerData: job, resourceLimits: { maxOldGenerationSizeMb: 512 } });
    const stop = () => void worker.terminate();
    signal.addEventListener('abort', stop, { once: true });
    const replies = repliesOf(worker);
    try {
      for (;;) {
        const reply = await replies();
        if (reply === undefined || reply.type === 'end') return;
        if (reply.type === 'error') throw new UserError(reply.code, reply.message);
        yield reply.frames;
        worker.postMessage('more');
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await worker.terminate();
    }
  };
}

/** Returns a function that waits for the next reply; undefined when the worker has stopped. It sends one at a time. */
function repliesOf(worker: Worker): () => Promise<AnalyzeReply | undefined> {
  let next = nextReply();
  worker.on('message', (reply: AnalyzeReply) => next.resolve(reply));
  worker.on('exit', () => next.resolve(undefined));
  worker.on('error', (error: NodeJS.ErrnoException) => {
    const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const message = 'The file needs more memory than an analysis may use: cut it, or use "undertone track".';
    next.reject(outOfMemory ? new UserError('too-much-memory', message) : error);
  });
  return async () => {
    const reply = await next.promise;
    next = nextReply();
    return reply;
  };
}

function nextReply() {
  const next = deferred<AnalyzeReply | undefined>();
  next.promise.catch(() => {}); // An error after the last wait must not be an unhandled rejection.
  return next;
}
