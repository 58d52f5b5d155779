/*
 * Does a stream cost less or more with the number of streams beside it?
 *
 *   npm run bench scaling -- [FILE] [--streams 1 --streams 10 …] [--model undertone-lite] [--engine wasm] [--rounds 3]
 *
 * All streams run in one thread and share its batches, as they do in each thread of the server. They play as fast as they
 * can, so that only the cost counts; it is CPU time of the process per second of audio and stream, after a round that
 * compiles the code. The goal is flat or falling.
 */
import { parseArgs } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { loadActivityDetector } from '../src/model/activity/activity-detector.ts';
import { type EngineName, loadEngine } from '../src/model/engine.ts';
import { loadModel } from '../src/model/load.ts';
import { createStepper } from '../src/model/stepper.ts';
import { loadFft } from '../src/stream/fft.ts';
import { track } from '../src/tracker.ts';
import type { AudioChunk, Source } from '../src/types.ts';
import { machine } from './load/machine.ts';
import { piece, RATE_HZ } from './load/piece.ts';
import { median } from './load/quantiles.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'string', multiple: true, default: ['1', '10', '100', '1000'] },
    model: { type: 'string', default: 'undertone-lite' },
    engine: { type: 'string', default: 'wasm' },
    rounds: { type: 'string', default: '3' },
  },
});
const CHUNK_SECONDS = 0.1;
const PIECE_SECONDS = 20;
/** Seconds of audio of all streams together in a round, at least 2 of each. */
const AUDIO_SECONDS = 200;

console.log(machine());
const engine = await loadEngine(values.engine as EngineName);
const modelsFolder = new URL('../models', import.meta.url).pathname;
const [model, fft, detector] = await Promise.all([
  loadModel(values.model, engine, { modelsFolder }),
  loadFft(),
  loadActivityDetector(`${modelsFolder}/activity`),
]);
const stepper = createStepper(model);
const pcm = await piece(positionals[0], PIECE_SECONDS);
const chunkSamples = Math.round(CHUNK_SECONDS * RATE_HZ) * 2;
const chunks = Array.from({ length: Math.floor(pcm.length / 2 / chunkSamples) }, (_, i) =>
  Float32Array.from({ length: chunkSamples }, (_, k) => pcm.readInt16LE(2 * (i * chunkSamples + k)) / 32_768),
);

const rows: Record<string, string | number>[] = [];
let first: number | undefined;
for (const count of values.streams.map(Number)) {
  const seconds = Math.max(2, Math.min(PIECE_SECONDS, Math.round(AUDIO_SECONDS / count)));
  await round(count, seconds);
  const costs: number[] = [];
  for (let i = 0; i < Number(values.rounds); i++) costs.push(await round(count, seconds));
  const cost = median(costs);
  first ??= cost;
  rows.push({
    streams: count,
    'ms of CPU per second and stream': cost.toFixed(2),
    'of that of the first row, %': Math.round((100 * cost) / first),
    'streams that one core carries': Math.floor(1000 / cost),
  });
}
console.log(`${values.model} on ${engine.description}`);
console.table(rows);

/** Milliseconds of CPU per second of audio and stream. */
async function round(count: number, seconds: number): Promise<number> {
  const start = process.cpuUsage();
  await Promise.all(
    Array.from({ length: count }, (_, i) =>
      lastValueFrom(track(playing(i, seconds), { stream: `s${i}`, stepper, fft, detector }).messages$),
    ),
  );
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / (count * seconds);
}

/** The piece from a place of its own; the streams take turns after each chunk, as live ones do. */
function playing(i: number, seconds: number): Source {
  return {
    uri: 'piece:',
    async *open() {
      for (let k = 0; k < seconds / CHUNK_SECONDS; k++) {
        await new Promise((resolve) => setImmediate(resolve));
        const samples = chunks[(i * 17 + k) % chunks.length]!;
        const arrivedAtMs = performance.now();
        yield {
          type: 'audio',
          sampleRateHz: RATE_HZ,
          channels: 2,
          samples,
          arrivedAtMs,
        } satisfies AudioChunk;
      }
    },
  };
}
