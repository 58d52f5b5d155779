/*
 * What does a second of audio cost in each stage before the model?
 *
 *   npm run bench cost -- [FILE] [--seconds 60] [--model undertone]
 *
 * FILE is any audio file; without it, the built-in demo piece is used, and nothing is decoded. Times are CPU time
 * of this process (user and system) for one stream on one thread. The model only decides what its windows contain;
 * its own cost: `npm run bench model-step`.
 */
import { parseArgs } from 'node:util';
import { loadActivityDetector } from '../src/model/activity/activity-detector.ts';
import { loadEngine } from '../src/model/engine.ts';
import { loadModel } from '../src/model/load.ts';
import { StepClips } from '../src/stream/clip-mel.ts';
import { FeatureExtractor } from '../src/stream/feature-extractor.ts';
import { loadFft } from '../src/stream/fft.ts';
import { Loudness } from '../src/stream/loudness.ts';
import { MelFrames } from '../src/stream/mel.ts';
import { mixToMono } from '../src/stream/mono.ts';
import { openSource } from '../src/stream/sources/index.ts';
import { type AudioChunk, STEP_SECONDS, type StepWindow } from '../src/types.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    model: { type: 'string', default: 'undertone' },
  },
});
const uri = positionals[0] ? `file:${positionals[0]}` : 'demo:';

const fft = await loadFft();
const engine = await loadEngine('wasm');
const modelsFolder = new URL('../models', import.meta.url).pathname;
const model = await loadModel(values.model, engine, { modelsFolder });

const decoding = cpu();
const chunks = await collect(Number(values.seconds));
const decodeMs = decoding();
const { sampleRateHz, channels } = chunks[0]!;
const samplesPerChannel = chunks.reduce((sum, { samples }) => sum + samples.length / channels, 0);
const seconds = samplesPerChannel / sampleRateHz;
const monos = chunks.map(({ samples }) =>
  mixToMono(samples, channels, new Float32Array(samples.length)).slice(),
);

console.log(`${uri}: ${seconds.toFixed(1)} s, ${sampleRateHz} Hz, ${channels} ch; ${engine.description}\n`);
const steps = stepsOf(monos);
row('stage', 'ms of CPU per second of audio');
row(positionals[0] ? 'decode' : 'demo piece', perSecond(decodeMs));
row('resample', 'none: mel frames are computed at the source’s own rate');
row(
  'mix to mono',
  perSecond(
    best(() => {
      const mono = new Float32Array(sampleRateHz);
      for (const { samples } of chunks) mixToMono(samples, channels, mono);
    }),
  ),
);
row(
  'mel frames',
  perSecond(
    best(() => {
      const mel = new MelFrames(fft, sampleRateHz);
      for (const mono of monos) mel.push(mono, () => {});
    }),
  ),
);
row(
  'half-second clips',
  perSecond(
    best(() => {
      const clips = new StepClips(fft, sampleRateHz);
      for (const step of steps) {
        clips.push(step);
        clips.end();
      }
    }),
  ),
);
row(
  'loudness',
  perSecond(
    best(() => {
      const loudness = new Loudness({ sampleRateHz, channels });
      for (const { samples } of chunks) loudness.push(samples);
    }),
  ),
);
const windows: StepWindow[] = [];
row(
  'mono to window, all of it',
  perSecond(
    best(() => {
      const extractor = new FeatureExtractor(fft, { sampleRateHz, channels }, undefined, model.needs);
      windows.length = 0;
      for (const { samples } of chunks) {
        for (const window of extractor.push(samples, 0)) windows.push({ ...window, mel: window.mel });
      }
    }),
  ),
);
const detector = await loadActivityDetector(`${modelsFolder}/activity`);
row(
  'speech or music',
  perSecond(
    best(() => {
      const activity = detector.createClassifier();
      for (const window of windows) activity.classify(window);
    }),
  ),
);
async function collect(wanted: number): Promise<AudioChunk[]> {
  const collected: AudioChunk[] = [];
  let collectedSeconds = 0;
  for await (const chunk of openSource(uri, { paced: false }).open(new AbortController().signal)) {
    if (chunk.type !== 'audio') continue;
    collected.push(chunk);
    collectedSeconds += chunk.samples.length / chunk.channels / chunk.sampleRateHz;
    if (collectedSeconds >= wanted) break;
  }
  return collected;
}

/** Cuts the samples into steps. */
function stepsOf(pieces: readonly Float32Array[]): Float32Array[] {
  const length = sampleRateHz * STEP_SECONDS;
  const all = Float32Array.from(pieces.flatMap((piece) => [...piece]));
  return Array.from({ length: Math.floor(all.length / length) }, (_, k) =>
    all.subarray(Math.ceil(k * length), Math.ceil((k + 1) * length)),
  );
}

/** Starts measuring CPU time; the returned function gives it in ms. */
function cpu(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}

/** Least CPU time of five runs in ms, after one run to warm up. */
function best(work: () => void): number {
  work();
  return Math.min(
    ...Array.from({ length: 5 }, () => {
      const clock = cpu();
      work();
      return clock();
    }),
  );
}

function perSecond(ms: number): string {
  return (ms / seconds).toFixed(3);
}

function row(name: string, value: string): void {
  console.log(`${name.padEnd(28)}${value}`);
}
