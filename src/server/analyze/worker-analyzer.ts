import { Worker } from 'node:worker_threads';
import type { EmotionFrame } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { builtModule } from '../../util/package.ts';
import type { Analyzer } from './analyze.ts';

/** What the worker is told. */
export interface AnalyzeJob {
  readonly path: string;
  readonly model: string;
}

/** What it says: some frames, and then it waits for the word to go on; at last the end or a fault. */
export type AnalyzeReply =
  | { readonly type: 'frames'; readonly frames: readonly EmotionFrame[] }
  | { readonly type: 'end' }
  | { readonly type: 'fault'; readonly code: string; readonly message: string };

const WORKER = builtModule('src/server/analyze/analyze-worker.ts');

/**
 * Analyses each file in a thread of its own, so that a decoder that hangs, runs wild or runs out of memory
 * takes nothing else with it. It computes on the wasm engine whatever the streams run on: the native
 * engines are one per process.
 */
export function createWorkerAnalyzer(model: string): Analyzer {
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
        if (reply.type === 'fault') throw new UserError(reply.code, reply.message);
        yield reply.frames;
        worker.postMessage('more');
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await worker.terminate();
    }
  };
}

/** The next thing the worker says each time; undefined once it was stopped. It says one thing at a time. */
function repliesOf(worker: Worker): () => Promise<AnalyzeReply | undefined> {
  let said = defer<AnalyzeReply | undefined>();
  worker.on('message', (reply: AnalyzeReply) => said.resolve(reply));
  worker.on('exit', () => said.resolve(undefined));
  worker.on('error', (error: NodeJS.ErrnoException) => {
    const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const message = 'The file needs more memory than an analysis may use: cut it, or use "undertone track".';
    said.reject(outOfMemory ? new UserError('too-much-memory', message) : error);
  });
  return async () => {
    const reply = await said.promise;
    said = defer();
    return reply;
  };
}

/** Promise.withResolvers, which Node has from 22 on. */
function defer<T>() {
  let [resolve, reject] = [(_value: T) => {}, (_error: unknown) => {}];
  const promise = new Promise<T>((...functions) => {
    [resolve, reject] = functions;
  });
  promise.catch(() => {}); // A fault that nobody waits for any more.
  return { promise, resolve, reject };
}
