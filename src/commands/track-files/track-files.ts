import { availableParallelism } from 'node:os';
import type { StreamMessage } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createInOrder } from './in-order.ts';
import type { Recording } from './recordings.ts';
import { startWorkerTracker, type WorkerSettings, type WorkerTracker } from './worker-tracker.ts';

export interface TrackFilesOptions {
  readonly settings: WorkerSettings;
  /** Receives the messages of a recording, and its end as undefined; the worker waits for it. */
  readonly write: (recording: Recording, message: StreamMessage | undefined) => Promise<void>;
  /** Write one recording after the other; otherwise all at the same time, each in its own order. */
  readonly inOrder: boolean;
  readonly onDone: (recording: Recording, error: UserError | undefined) => void;
  /** Number of threads. Default: one per core. */
  readonly workers?: number;
}

/**
 * Tracks recordings on all cores, one per thread. What one gives does not depend on the others. A recording that fails is
 * reported, and the others go on.
 *
 * @throws UserError if the model or the engine cannot be loaded
 */
export async function trackFiles(
  recordings: readonly Recording[],
  options: TrackFilesOptions,
): Promise<void> {
  const { write, onDone, workers = availableParallelism() } = options;
  const order = createInOrder(recordings.length, async (i: number, messages: readonly StreamMessage[]) => {
    for (const message of messages) await write(recordings[i]!, message);
  });
  const trackers = new Set<WorkerTracker>();
  let next = 0;
  let stopped = false;

  async function work(): Promise<void> {
    let tracker: WorkerTracker | undefined;
    while (next < recordings.length && !stopped) {
      // A thread that ended is replaced for the next recording.
      if (!tracker) {
        tracker = await startWorkerTracker(options.settings);
        trackers.add(tracker);
        continue; // The other threads may have taken the rest meanwhile.
      }
      const error = await trackOne(tracker, next++);
      if (error?.code === 'worker-stopped') tracker = undefined;
    }
  }

  async function trackOne(tracker: WorkerTracker, i: number): Promise<UserError | undefined> {
    const recording = recordings[i]!;
    const writeOwn = async (messages: readonly StreamMessage[]) => {
      for (const message of messages) await write(recording, message);
    };
    let failed: UserError | undefined;
    try {
      await tracker.track(recording, options.inOrder ? (messages) => order.write(i, messages) : writeOwn);
    } catch (error) {
      if (stopped || !(error instanceof UserError) || error.code === 'cannot-write') throw error;
      failed = error;
    }
    const end = () => write(recording, undefined);
    await (options.inOrder ? order.end(i, end) : end());
    onDone(recording, failed);
    return failed;
  }

  try {
    const threads = Math.max(1, Math.min(workers, recordings.length));
    await Promise.all(Array.from({ length: threads }, work));
  } finally {
    stopped = true;
    await Promise.all([...trackers].map((tracker) => tracker.close()));
  }
}
