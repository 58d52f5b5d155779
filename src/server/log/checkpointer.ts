import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/**
 * Moves what the write-ahead log has gathered into the database file, in a thread of its own: it waits for
 * the disk several times, which took up to 90 ms where SQLite did it within a commit.
 *
 * The thread's few lines are plain JavaScript in a string, since Node 20 runs no TypeScript file in a
 * worker. PASSIVE never makes a reader or writer wait; what it cannot move now it moves the next time.
 */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const Database = require(workerData.libsql);
  parentPort.on('message', () => {
    try {
      const db = new Database(workerData.file);
      db.prepare('PRAGMA wal_checkpoint(PASSIVE)').all();
      db.close();
    } catch {
      // A full disk: the log itself tells.
    }
  });
`;

export interface Checkpointer {
  run(): void;
  close(): void;
}

export function createCheckpointer(file: string): Checkpointer {
  let worker: Worker | undefined;
  let closed = false;
  return {
    run() {
      if (closed) return;
      worker ??= start(file);
      worker.postMessage('checkpoint');
    },
    close() {
      closed = true;
      void worker?.terminate();
    },
  };
}

function start(file: string): Worker {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  const worker = new Worker(THREAD, { eval: true, workerData: { libsql, file } });
  worker.on('error', () => {}); // Without it the file grows; nothing is lost.
  worker.unref();
  return worker;
}
