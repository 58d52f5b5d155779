import type { EngineName } from '../../model/engine.ts';
import { startEngineThread } from '../../model/engine-thread.ts';
import type { Scale } from '../../profiles/profile.ts';
import type { PcmLayout } from '../../stream/pcm.ts';
import type { StreamMessage } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { deferred } from '../../util/deferred.ts';
import { builtModule } from '../../util/package.ts';
import type { Recording } from './recordings.ts';

/** What a worker is started with. */
export interface WorkerSettings {
  readonly model: string;
  readonly engine: EngineName | 'auto';
  readonly scale?: Scale | undefined;
  /** The inputs are raw PCM. */
  readonly pcm?: PcmLayout | undefined;
}

/** Messages of a worker. After `ready` and `end` it waits for a recording, after `messages` for any message. */
export type WorkerReply =
  | { readonly type: 'ready' }
  | { readonly type: 'messages'; readonly messages: readonly StreamMessage[] }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly code: string; readonly message: string };

/** Tracks recordings in a thread of its own, one at a time. */
export interface WorkerTracker {
  /**
   * Tracks a recording to its end. It goes on when `onMessages` has resolved.
   *
   * @throws UserError that of the recording, `worker-stopped` if its thread ended
   */
  track(
    recording: Recording,
    onMessages: (messages: readonly StreamMessage[]) => Promise<void>,
  ): Promise<void>;
  close(): Promise<unknown>;
}

const WORKER = builtModule('src/commands/track-files/track-worker.ts');

/** @throws UserError if the model or the engine cannot be loaded */
export async function startWorkerTracker(settings: WorkerSettings): Promise<WorkerTracker> {
  const worker = startEngineThread(WORKER, { workerData: settings });
  let next = deferred<WorkerReply>();
  const fail = () =>
    next.reject(
      new UserError(
        'worker-stopped',
        'Its thread ended unexpectedly: track this recording alone to see why.',
      ),
    );
  next.promise.catch(() => {});
  worker.on('message', (reply: WorkerReply) => next.resolve(reply));
  worker.on('error', fail);
  worker.on('exit', fail);

  async function receive(): Promise<Exclude<WorkerReply, { type: 'error' }>> {
    const reply = await next.promise;
    next = deferred();
    next.promise.catch(() => {}); // It may end while nobody waits.
    if (reply.type === 'error') throw new UserError(reply.code, reply.message);
    return reply;
  }

  await receive();
  return {
    async track(recording, onMessages) {
      worker.postMessage(recording);
      for (let reply = await receive(); reply.type === 'messages'; reply = await receive()) {
        await onMessages(reply.messages);
        worker.postMessage('more');
      }
    },
    close: () => worker.terminate(),
  };
}
