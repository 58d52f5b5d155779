import { once } from 'node:events';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openRecording } from '../../stream/sources/index.ts';
import { createTracker } from '../../tracking/create-tracker.ts';
import type { EmotionFrame } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { AnalyzeJob, AnalyzeReply } from './worker-analyzer.ts';

/** The thread of one `POST /v1/analyze`: a file's frames, as fast as they are asked for. */

const BATCH_FRAMES = 32;
const THE_FILE = 'The uploaded file';
const { path, model } = workerData as AnalyzeJob;
const port = parentPort!;

// Live streams come first. Only Linux has a priority for one thread; elsewhere this would be the whole server's.
if (process.platform === 'linux') setPriority(10);

try {
  let frames: EmotionFrame[] = [];
  const { source } = openRecording(path);
  const tracker = await createTracker({ stream: 'analyze', model, engine: 'wasm' });
  for await (const message of tracker.track(source)) {
    if (message.type === 'emotion' && frames.push(message) >= BATCH_FRAMES) {
      await send({ type: 'frames', frames });
      frames = [];
    }
  }
  if (frames.length > 0) await send({ type: 'frames', frames });
  port.postMessage({ type: 'end' } satisfies AnalyzeReply);
} catch (fault) {
  port.postMessage(asReply(fault));
}
port.close();

async function send(reply: AnalyzeReply): Promise<void> {
  const more = once(port, 'message');
  port.postMessage(reply);
  await more;
}

/** The client knows nothing of the file that its upload lies in. */
function asReply(fault: unknown): AnalyzeReply {
  if (fault instanceof UserError) {
    return {
      type: 'fault',
      code: fault.code,
      message: fault.message.replaceAll(path, THE_FILE).replaceAll(basename(path), THE_FILE),
    };
  }
  console.error(fault);
  return {
    type: 'fault',
    code: 'internal',
    message: 'The analysis failed on an internal fault; the log of the server says why.',
  };
}
