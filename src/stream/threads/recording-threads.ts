import { availableParallelism } from 'node:os';
import type { Source, SourceItem } from '../../types.ts';
import { builtModule } from '../../util/package.ts';
import { longChunks } from '../long-chunks.ts';
import { openRecording } from '../sources/index.ts';
import type { AnalysisJob, RecordingJob } from './recording-job.ts';
import { itemsOfThread } from './thread-items.ts';

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
