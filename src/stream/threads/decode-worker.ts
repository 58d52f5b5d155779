import { parentPort, workerData } from 'node:worker_threads';
import { longChunks } from '../long-chunks.ts';
import { openRecording } from '../sources/index.ts';
import type { RecordingJob } from './recording-job.ts';
import { sendItems } from './thread-items.ts';

/** The thread that decodes one recording. */

const { input, options } = workerData as RecordingJob;
const source = longChunks(openRecording(input, { ...options, largePieces: true }).source);
await sendItems(parentPort!, source.open(new AbortController().signal), (item) =>
  item.type === 'audio' ? [item.samples.buffer as ArrayBuffer] : [],
);
