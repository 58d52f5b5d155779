import { Worker, type WorkerOptions } from 'node:worker_threads';
import { setLibraryEnvironment } from './engine.ts';

/**
 * Starts a thread that loads an engine. The C library of a native one reads the environment of the process, of which a
 * thread has a copy: so it is set here, before the thread starts.
 */
export function startEngineThread(module: string | URL, options: WorkerOptions): Worker {
  setLibraryEnvironment();
  return new Worker(module, options);
}
