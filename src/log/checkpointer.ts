import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { LogDatabase } from './database.ts';

/**
 * Moves the content of the write-ahead log into the database file (a checkpoint), in a worker thread, because a
 * checkpoint waits for the disk several times: up to 90 ms when SQLite did it as part of a commit.
 *
 * The worker is plain JavaScript in a string, because Node 20 cannot run a TypeScript file in a worker. A PASSIVE
 * checkpoint never makes a reader or writer wait; what it cannot move now, the next one moves.
 *
 * Terminating a thread inside libsql aborts the whole process (libsql panics). So `pending` counts the requested
 * checkpoints that are not done, and `close` waits until it is 0.
 */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { file, key, shared } = workerData;
  const [pending, closed] = [0, 1];
  const Database = require(workerData.libsql);
  parentPort.on('message', () => {
    try {
      if (Atomics.load(shared, closed) === 0) {
        const db = new Database(file, key === undefined ? {} : { encryptionKey: key });
        // Not prepared: a connection stays open, with its files, until its statements are garbage collected.
        db.exec('PRAGMA wal_checkpoint(PASSIVE)');
        db.close();
      }
    } catch {
      // A full disk, for example: the log reports it with its next commit.
    }
    Atomics.sub(shared, pending, 1);
    Atomics.notify(shared, pending);
  });
`;

/** Places in the shared array. */
const PENDING = 0;
const CLOSED = 1;

/** If a checkpoint takes longer than this, `close` returns and leaves the thread running. */
const CLOSE_MS = 5_000;

export interface Checkpointer {
  /** Requests a checkpoint. */
  run(): void;
  /** Returns when no checkpoint is running any more. */
  close(): void;
}

export function createCheckpointer({ file, key }: Pick<LogDatabase, 'file' | 'key'>): Checkpointer {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  let worker: Worker | undefined;
  return {
    run() {
      // One at a time: while one runs, further requests are dropped.
      if (shared[CLOSED] === 1 || Atomics.compareExchange(shared, PENDING, 0, 1) !== 0) return;
      if (!worker) {
        worker = start({ file, key, shared });
        worker.once('exit', () => {
          worker = undefined;
          Atomics.store(shared, PENDING, 0);
        });
      }
      worker.postMessage('checkpoint');
    },
    close() {
      Atomics.store(shared, CLOSED, 1);
      if (worker && Atomics.wait(shared, PENDING, 1, CLOSE_MS) !== 'timed-out') void worker.terminate();
    },
  };
}

function start(data: Pick<LogDatabase, 'file' | 'key'> & { readonly shared: Int32Array }): Worker {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  const worker = new Worker(THREAD, { eval: true, workerData: { libsql, ...data } });
  worker.on('error', () => {}); // Without checkpoints the write-ahead log grows, but nothing is lost.
  worker.unref();
  return worker;
}
