import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { loadEngine } from '../../model/engine.ts';
import { UserError } from '../../user-error.ts';
import { loadAnalysis, trackOf } from '../analyze-tracks.ts';
import { analyzeRecording } from './analyze-recording.ts';
import type { WorkerReply } from './worker-analyzer.ts';

/** A thread of `undertone library add`: analyzes one file after the other, with a model of its own. */

const { model } = workerData as { readonly model: string };
const port = parentPort!;

// Live streams have priority. Only Linux can lower that of one thread; elsewhere this would affect the whole process.
if (process.platform === 'linux') setPriority(10);

// All its memory is freed with the thread, and a library has the same readings whatever engine is installed.
const analysis = await loadAnalysis(model, await loadEngine('wasm'));

port.on('message', async (path: string) => {
  const reply = (message: WorkerReply) => port.postMessage(message);
  try {
    reply({ type: 'analyzed', analysis: await analyzeRecording(trackOf(path), analysis) });
  } catch (error) {
    if (error instanceof UserError) reply({ type: 'failed', code: error.code, message: error.message });
    else throw error;
  }
});
