import { availableParallelism } from 'node:os';
import type { EmotionModel, Source, SourceItem } from '../../types.ts';
import { builtModule } from '../../util/package.ts';
import { longChunks } from '../long-chunks.ts';
import { openRecording } from '../sources/index.ts';
import type { SourceOptions } from '../sources/source-kind.ts';
import { itemsOfThread } from './thread-items.ts';

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
const ANALYSIS_WORKER = builtModule('src/stream/threads/analysis-worker.ts');

/**
 * A file that is tracked as fast as possible: one thread decodes it, another computes the windows of its steps, so that
 * only the model is left to the thread that consumes them. The frames are the same.
 */
export function recordingInThreads({ input, options }: RecordingJob): Source {
  const { source } = openRecording(input, options);
  // With one core, threads have nothing to gain.
  if (availableParallelism() === 1) return longChunks(source);
  return {
    uri: source.uri,
    open(signal, analysis) {
      if (!analysis) return longChunks(source).open(signal);
      const job: AnalysisJob = { input, options, ...analysis };
      return itemsOfThread<SourceItem>(ANALYSIS_WORKER, job, signal);
    },
  };
}

/** The decoded chunks of a file, decoded by another thread. */
export function decodedInThread(job: RecordingJob, signal: AbortSignal): AsyncIterable<SourceItem> {
  return itemsOfThread<SourceItem>(DECODE_WORKER, job, signal);
}
