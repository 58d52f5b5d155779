import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { LogDatabase } from './database.ts';

/**
 * Moves what the write-ahead log has gathered into the database file, in a thread of its own: it waits for
 * the disk several times, which took up to 90 ms where SQLite did it within a commit.
 *
 * The thread's few lines are plain JavaScript in a string, since Node 20 runs no TypeScript file in a
 * worker. PASSIVE never makes a reader or writer wait; what it cannot move now it moves the next time.
 *
 * A thread that is ended while it is in libsql takes the whole process with it (libsql panics). So `asked`
 * counts what is asked for and not yet done, and whoever closes waits until it is 0.
 */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { file, key, shared } = workerData;
  const [asked, closed] = [0, 1];
  const Database = require(workerData.libsql);
  parentPort.on('message', () => {
    try {
      if (Atomics.load(shared, closed) === 0) {
        const db = new Database(file, key === undefined ? {} : { encryptionKey: key });
        db.prepare('PRAGMA wal_checkpoint(PASSIVE)').all();
        db.close();
      }
    } catch {
      // A full disk: the log itself tells.
    }
    Atomics.sub(shared, asked, 1);
    Atomics.notify(shared, asked);
  });
`;

const ASKED = 0;
const CLOSED = 1;

/** A disk that takes longer for a checkpoint is not waited for: the thread is left to itself. */
const CLOSE_MS = 5_000;

export interface Checkpointer {
  run(): void;
  /** Returns when nothing is being done any more. */
  close(): void;
}

export function createCheckpointer({ file, key }: Pick<LogDatabase, 'file' | 'key'>): Checkpointer {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  let worker: Worker | undefined;
  return {
    run() {
      // One at a time: what comes meanwhile is moved with the next.
      if (shared[CLOSED] === 1 || Atomics.compareExchange(shared, ASKED, 0, 1) !== 0) return;
      if (!worker) {
        worker = start({ file, key, shared });
        worker.once('exit', () => {
          worker = undefined;
          Atomics.store(shared, ASKED, 0);
        });
      }
      worker.postMessage('checkpoint');
    },
    close() {
      Atomics.store(shared, CLOSED, 1);
      if (worker && Atomics.wait(shared, ASKED, 1, CLOSE_MS) !== 'timed-out') void worker.terminate();
    },
  };
}

function start(data: Pick<LogDatabase, 'file' | 'key'> & { readonly shared: Int32Array }): Worker {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  const worker = new Worker(THREAD, { eval: true, workerData: { libsql, ...data } });
  worker.on('error', () => {}); // Without it the file grows; nothing is lost.
  worker.unref();
  return worker;
}
