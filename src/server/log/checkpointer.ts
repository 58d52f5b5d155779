import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { LogDatabase } from './database.ts';

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
      const { file, key } = workerData;
      const db = new Database(file, key === undefined ? {} : { encryptionKey: key });
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

export function createCheckpointer({ file, key }: Pick<LogDatabase, 'file' | 'key'>): Checkpointer {
  let worker: Worker | undefined;
  let closed = false;
  return {
    run() {
      if (closed) return;
      worker ??= start(file, key);
      worker.postMessage('checkpoint');
    },
    close() {
      closed = true;
      void worker?.terminate();
    },
  };
}

function start(file: string, key: string | undefined): Worker {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  const worker = new Worker(THREAD, { eval: true, workerData: { libsql, file, key } });
  worker.on('error', () => {}); // Without it the file grows; nothing is lost.
  worker.unref();
  return worker;
}
