import type { EmotionModel, SourceItem } from '../../types.ts';
import { builtModule } from '../../util/package.ts';
import type { SourceOptions } from '../sources/source-kind.ts';
import { itemsOfThread } from './thread-items.ts';

/*
 * Beside recording-threads.ts, so that the thread of the analysis does not load the sources, which takes longer than all
 * else that it loads.
 */

/** What the threads of a recording are started with. */
export interface RecordingJob {
  /** As for `openRecording`. */
  readonly input: string;
  readonly options: Pick<SourceOptions, 'playlists'>;
}

export interface AnalysisJob extends RecordingJob {
  /** Name of the stream, for its events. */
  readonly stream: string;
  readonly needs: EmotionModel['needs'];
}

const DECODE_WORKER = builtModule('src/stream/threads/decode-worker.ts');

/** The decoded chunks of a file, decoded by another thread. */
export function decodedInThread(job: RecordingJob, signal: AbortSignal): AsyncIterable<SourceItem> {
  return itemsOfThread<SourceItem>(DECODE_WORKER, job, signal);
}
