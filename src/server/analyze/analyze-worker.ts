import { once } from 'node:events';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createTracker } from '../../node-api/create-tracker.ts';
import { longChunks } from '../../stream/long-chunks.ts';
import { openRecording } from '../../stream/sources/index.ts';
import type { EmotionFrame } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { AnalyzeJob, AnalyzeReply } from './worker-analyzer.ts';

/** The thread of one `POST /v1/analyze`: emits the frames of a file, as fast as the server requests them. */

const BATCH_FRAMES = 32;
const THE_FILE = 'The uploaded file';
const { path, model } = workerData as AnalyzeJob;
const port = parentPort!;

// Live streams have priority. Only Linux can lower that of one thread; elsewhere this would affect the whole server.
if (process.platform === 'linux') setPriority(10);

try {
  let frames: EmotionFrame[] = [];
  const { source } = openRecording(path, { largePieces: true });
  const tracker = await createTracker({ stream: 'analyze', model, engine: 'wasm' });
  for await (const message of tracker.track(longChunks(source))) {
    if (message.type === 'emotion' && frames.push(message) >= BATCH_FRAMES) {
      await send({ type: 'frames', frames });
      frames = [];
    }
  }
  if (frames.length > 0) await send({ type: 'frames', frames });
  port.postMessage({ type: 'end' } satisfies AnalyzeReply);
} catch (error) {
  port.postMessage(errorReply(error));
}
port.close();

async function send(reply: AnalyzeReply): Promise<void> {
  const more = once(port, 'message');
  port.postMessage(reply);
  await more;
}

/** The error without the path of the stored upload, which the client does not know. */
function errorReply(error: unknown): AnalyzeReply {
  if (error instanceof UserError) {
    return {
      type: 'error',
      code: error.code,
      message: error.message.replaceAll(path, THE_FILE).replaceAll(basename(path), THE_FILE),
    };
  }
  console.error(error);
  return {
    type: 'error',
    code: 'internal',
    message: 'The analysis failed with an internal error: see the log of the server.',
  };
}
