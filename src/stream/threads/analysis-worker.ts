import { parentPort, workerData } from 'node:worker_threads';
import type { AnalyzedPart } from '../../types.ts';
import { loadFft } from '../fft.ts';
import { passages } from '../passage.ts';
import { type AnalyzerOutput, StreamAnalyzer } from '../stream-analyzer.ts';
import { type AnalysisJob, decodedInThread } from './recording-job.ts';
import { sendItems } from './thread-items.ts';

/** The thread that computes the windows of one recording's steps. It starts the one that decodes. */

const job = workerData as AnalysisJob;
await sendItems(parentPort!, analyze(), ({ outputs }) => buffersOf(outputs));

async function* analyze(): AsyncGenerator<AnalyzedPart, void, undefined> {
  const items = decodedInThread(job, new AbortController().signal);
  const analyzer = new StreamAnalyzer(job.stream, await loadFft(), undefined, job.needs);
  let reported = 0;
  for await (const item of items) {
    for (const outputs of passages(analyzer.analyze(item))) {
      reported = analyzer.seconds;
      yield { type: 'analyzed', outputs, seconds: reported };
    }
    // An item may end no step, such as the last few samples.
    if (analyzer.seconds > reported) yield { type: 'analyzed', outputs: [], seconds: analyzer.seconds };
    reported = analyzer.seconds;
  }
}

/** The buffers of windows, each once. */
function buffersOf(outputs: readonly AnalyzerOutput[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBufferLike>();
  for (const output of outputs) {
    if (!('mel' in output)) continue;
    for (const array of [output.mel, output.clip, output.fine?.mel, output.harmony])
      if (array) buffers.add(array.buffer);
  }
  return [...buffers] as ArrayBuffer[];
}
