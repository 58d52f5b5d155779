import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { createTracker } from '../../node-api/create-tracker.ts';
import { longChunks } from '../../stream/long-chunks.ts';
import { openRecording } from '../../stream/sources/index.ts';
import type { StreamMessage } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { Recording } from './recordings.ts';
import type { WorkerReply, WorkerSettings } from './worker-tracker.ts';

/** One thread of `undertone track` with several recordings: tracks one after another, as they are requested. */

const BATCH = 64;
const { model, engine, scale, pcm } = workerData as WorkerSettings;
const port = parentPort!;
const options = { model, engine, ...(scale && { scale }) };

try {
  // Keeps the model loaded between two recordings.
  await using _ = await createTracker(options);
  reply({ type: 'ready' });
  for (;;) {
    const [recording] = (await once(port, 'message')) as [Recording | undefined];
    if (!recording) break;
    reply(await trackRecording(recording).then(() => ({ type: 'end' }) as const, errorReply));
  }
} catch (error) {
  reply(errorReply(error));
}
port.close();

async function trackRecording({ input, stream }: Recording): Promise<void> {
  const { source } = openRecording(input, { ...(pcm && { pcm }), largePieces: true });
  const isFile = source.uri.startsWith('file:');
  await using tracker = await createTracker({ ...options, stream });
  let messages: StreamMessage[] = [];
  try {
    for await (const message of tracker.track(isFile ? longChunks(source) : source)) {
      if (messages.push(message) < BATCH) continue;
      await send(messages);
      messages = [];
    }
  } finally {
    if (messages.length > 0) await send(messages);
  }
}

/** Sends messages, and waits until the main thread can take more. */
async function send(messages: readonly StreamMessage[]): Promise<void> {
  const taken = once(port, 'message');
  reply({ type: 'messages', messages });
  await taken;
}

function errorReply(error: unknown): WorkerReply {
  if (error instanceof UserError) return { type: 'error', code: error.code, message: error.message };
  console.error(error);
  return { type: 'error', code: 'internal', message: 'An internal error stopped the analysis.' };
}

function reply(message: WorkerReply): void {
  port.postMessage(message);
}
