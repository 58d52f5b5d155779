/*
 * How many live streams can this machine track, and how late are their frames?
 *
 *   npm run bench streams -- [--streams 100 --streams 500] [--workers 2] [--model undertone-lite] [--engine wasm]
 *                            [--seconds 20] [--rounds 1] [--profile]
 *
 * Every stream is 44.1 kHz stereo from memory (the demo piece, from a place of its own), in chunks of 100 ms that arrive
 * by the wall clock. The lateness of a frame is the time from the moment at which the last sample of its step was due to
 * its emission, so streams that fall behind show it. `--workers 0` runs all streams in one thread. Each row is the
 * median of the rounds; CPU time is that of all threads. `--profile` writes the CPU profile of one worker to
 * `streams.cpuprofile`.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { loadActivityDetector } from '../src/model/activity/activity-detector.ts';
import { type EngineName, loadEngine } from '../src/model/engine.ts';
import { loadModel } from '../src/model/load.ts';
import { createStepper } from '../src/model/stepper.ts';
import { loadFft } from '../src/stream/fft.ts';
import { track } from '../src/tracker.ts';
import type { AudioChunk, Source } from '../src/types.ts';
import { machine } from './load/machine.ts';
import { piece, RATE_HZ } from './load/piece.ts';
import { median, quantiles } from './load/quantiles.ts';

const CHUNK_SECONDS = 0.1;
const CHUNK_MS = 1000 * CHUNK_SECONDS;
const CHUNK_SAMPLES = 2 * RATE_HZ * CHUNK_SECONDS;
/** Not measured: code is compiled, and the first windows are short. */
const WARM_UP_MS = 4_000;
const PIECE_SECONDS = 20;
const modelsFolder = new URL('../models', import.meta.url).pathname;

interface Job {
  readonly streams: number;
  readonly model: string;
  readonly engine: EngineName;
  readonly seconds: number;
  readonly profile: boolean;
  /** [PIECE_SECONDS · RATE_HZ, 2] shared by all threads. */
  readonly audio: Float32Array;
}

interface Result {
  /** Of every measured frame, in ms. */
  readonly lateness: Float64Array;
  /** Share of the time in which the thread was busy. */
  readonly busy: number;
}

if (isMainThread) await main();
else parentPort!.postMessage(await runStreams(workerData as Job));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      streams: { type: 'string', multiple: true, default: ['100'] },
      workers: { type: 'string', multiple: true, default: [String(availableParallelism())] },
      model: { type: 'string', default: 'undertone-lite' },
      engine: { type: 'string', default: 'wasm' },
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '1' },
      profile: { type: 'boolean', default: false },
    },
  });
  const job = {
    model: values.model,
    engine: values.engine as EngineName,
    seconds: Number(values.seconds),
    audio: await demoPiece(),
  };
  console.log(machine());
  console.log(
    `${job.model} on ${job.engine}; 44.1 kHz stereo, ${job.seconds} s, medians of ${values.rounds}\n`,
  );
  const table: Record<string, number>[] = [];
  for (const workers of values.workers.map(Number)) {
    for (const streams of values.streams.map(Number)) {
      const rounds: Record<string, number>[] = [];
      for (let i = 0; i < Number(values.rounds); i++)
        rounds.push(await round({ ...job, streams, profile: values.profile }, workers));
      const columns = Object.keys(rounds[0]!);
      table.push({
        workers,
        streams,
        ...Object.fromEntries(
          columns.map((name) => [name, Number(median(rounds.map((one) => one[name]!)).toFixed(2))]),
        ),
      });
    }
  }
  console.table(table);
}

async function round(job: Job, workers: number): Promise<Record<string, number>> {
  // All threads of this process, without the time to warm up.
  const cpuMs = new Promise<number>((resolve) => {
    setTimeout(() => {
      const before = process.cpuUsage();
      setTimeout(() => {
        const { user, system } = process.cpuUsage(before);
        resolve((user + system) / 1000);
      }, 1000 * job.seconds);
    }, WARM_UP_MS);
  });
  const share = (i: number): Job => ({
    ...job,
    streams: Math.floor((job.streams + i) / Math.max(1, workers)),
    profile: job.profile && i === 0,
  });
  const results =
    workers === 0
      ? [await runStreams(job)]
      : await Promise.all(Array.from({ length: workers }, (_, i) => inWorker(share(i))));
  const all = results.flatMap(({ lateness }) => [...lateness]);
  const at = quantiles(all);
  const audioSeconds = all.length / 2; // analyzed
  const rssMb = process.memoryUsage.rss() / 2 ** 20;
  return {
    'p50 ms': at(0.5),
    'p99 ms': at(0.99),
    'max ms': at(1),
    // Of the frames that were due in the measured time; less than 100 if streams fall behind.
    'emitted %': (100 * all.length) / (2 * job.streams * job.seconds),
    'CPU ms per stream and s': (await cpuMs) / audioSeconds,
    'busiest thread %': 100 * Math.max(...results.map(({ busy }) => busy)),
    MB: rssMb,
  };
}

function inWorker(job: Job): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: job });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function runStreams({
  streams,
  model: name,
  engine: engineName,
  seconds,
  profile,
  audio,
}: Job): Promise<Result> {
  const [engine, fft, detector] = await Promise.all([
    loadEngine(engineName),
    loadFft(),
    loadActivityDetector(`${modelsFolder}/activity`),
  ]);
  const stepper = createStepper(await loadModel(name, engine, { modelsFolder }));
  const clock = createClock(performance.now() + 100);
  const from = performance.now() + WARM_UP_MS;
  const until = from + 1000 * seconds;
  const lateness: number[] = [];
  const subscriptions = Array.from({ length: streams }, (_, i) => {
    const source = memorySource(audio, i / streams, clock, i);
    return track(source, { stream: `s${i}`, stepper, fft, detector }).messages$.subscribe((message) => {
      const now = performance.now();
      if (message.type === 'stream-stopped') throw new Error(message.message);
      if (message.type === 'emotion' && now >= from && now < until) lateness.push(message.latencyMs);
    });
  });
  await sleep(WARM_UP_MS);
  const stopProfile = profile ? await startProfile() : undefined;
  const before = performance.eventLoopUtilization();
  await sleep(1000 * seconds);
  const { utilization } = performance.eventLoopUtilization(before);
  await stopProfile?.();
  for (const subscription of subscriptions) subscription.unsubscribe();
  clock.stop();
  stepper.model.dispose();
  return { lateness: Float64Array.from(lateness), busy: utilization };
}

type Clock = ReturnType<typeof createClock>;

/** One timer wakes the streams of a thread: a timer for each chunk of each would cost more than their audio. */
function createClock(startMs: number) {
  const waiting: { dueMs: number; wake: () => void }[] = [];
  const timer = setInterval(() => {
    const now = performance.now();
    let left = 0;
    for (const entry of waiting) {
      if (entry.dueMs <= now) entry.wake();
      else waiting[left++] = entry;
    }
    waiting.length = left;
  }, 4);
  return {
    startMs,
    until: (dueMs: number) => new Promise<void>((wake) => waiting.push({ dueMs, wake })),
    stop: () => clearInterval(timer),
  };
}

/** @param phase 0 … 1: the steps of the streams end at different times, and so do their chunks */
function memorySource(audio: Float32Array, phase: number, clock: Clock, index: number): Source {
  return {
    uri: 'memory:',
    async *open(signal): AsyncGenerator<AudioChunk, void, undefined> {
      let at = ((index * 7_919) % (audio.length / 2 / RATE_HZ)) * RATE_HZ * 2;
      at -= at % CHUNK_SAMPLES;
      // The golden ratio spreads the phases evenly over the length of a step.
      const start = clock.startMs + 500 * ((phase * 1000 * 0.618034) % 1);
      for (let i = 1; !signal.aborted; i++) {
        const dueMs = start + i * CHUNK_MS;
        if (dueMs > performance.now()) await clock.until(dueMs);
        if (at + CHUNK_SAMPLES > audio.length) at = 0;
        const samples = audio.subarray(at, at + CHUNK_SAMPLES);
        at += CHUNK_SAMPLES;
        yield { type: 'audio', sampleRateHz: RATE_HZ, channels: 2, samples, arrivedAtMs: dueMs };
      }
    },
  };
}

/** The demo piece in memory that all threads share. */
async function demoPiece(): Promise<Float32Array> {
  const pcm = await piece(undefined, PIECE_SECONDS);
  const samples = new Float32Array(new SharedArrayBuffer(4 * (pcm.length / 2)));
  for (let i = 0; i < samples.length; i++) samples[i] = pcm.readInt16LE(2 * i) / 32_768;
  return samples;
}

async function startProfile() {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync('streams.cpuprofile', JSON.stringify(profile));
    console.log('profile written to streams.cpuprofile');
    session.disconnect();
  };
}
