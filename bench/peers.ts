/*
 * What does a second of audio cost with undertone, and with the packages that others use for the same?
 *
 *   npm run bench peers -- [FILE] [--seconds 30] [--folder DIR]
 *
 * A Python environment with librosa, numpy, openSMILE, Essentia and vibenet, and Meyda for JavaScript, are installed
 * into DIR (default: `undertone-peers` in the cache folder), outside this repository: their licenses allow measuring
 * them, but they are no part of undertone. What cannot be installed is left out with a sentence. All get the same mono
 * recording at 44.1 kHz (FILE, or the demo piece), one after the other, on one thread each where they can be told to;
 * times are CPU time of the process, the best of three. undertone also mixes channels, measures loudness and separates
 * speech from music; decoding counts for none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { loadActivityDetector } from '../src/model/activity/activity-detector.ts';
import { loadEngine } from '../src/model/engine.ts';
import { loadModel } from '../src/model/load.ts';
import { createStepper } from '../src/model/stepper.ts';
import { FeatureExtractor } from '../src/stream/feature-extractor.ts';
import { loadFft } from '../src/stream/fft.ts';
import { MelFrames } from '../src/stream/mel.ts';
import { track } from '../src/tracker.ts';
import type { AudioChunk, Source } from '../src/types.ts';
import { machine } from './load/machine.ts';
import { monoWav, piece, RATE_HZ } from './load/piece.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '30' },
    folder: { type: 'string', default: join(homedir(), '.cache', 'undertone-peers') },
  },
});

interface Row {
  readonly stage: string;
  readonly what: string;
  readonly ms?: number;
  readonly error?: string;
}

const STAGES = ['mel', 'features', 'end to end', 'one answer'];
const PYTHON_PACKAGES = ['numpy', 'librosa', 'opensmile', 'essentia', 'vibenet'];
const SCRIPT = new URL('./peers/peers.py', import.meta.url).pathname;
const ONE_THREAD = Object.fromEntries(
  ['OMP', 'OPENBLAS', 'MKL', 'NUMBA', 'TF_NUM_INTRAOP', 'TF_NUM_INTEROP'].map((name) => [
    `${name}_NUM_THREADS`,
    '1',
  ]),
);
const CHUNK = RATE_HZ / 10;
const ROUNDS = 3;

console.log(machine());
const stereo = await piece(positionals[0], Number(values.seconds));
const mono = Float32Array.from(
  { length: stereo.length / 4 },
  (_, i) => (stereo.readInt16LE(4 * i) + stereo.readInt16LE(4 * i + 2)) / 65_536,
);
const seconds = mono.length / RATE_HZ;
const rows: Row[] = [...(await ownRows()), ...(await meydaRows()), ...pythonRows()];
/** The first row of a stage; a model that answers once is compared with the same. */
const own = (stage: string) =>
  rows.find((row) => row.stage === (stage === 'one answer' ? 'end to end' : stage))?.ms ?? Number.NaN;
console.table(
  rows
    .toSorted((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage))
    .map(({ stage, what, ms, error }) => ({
      stage,
      what,
      'ms of CPU per second': ms?.toFixed(2) ?? error,
      '× undertone': ms === undefined ? '' : (ms / own(stage)).toFixed(1),
    })),
);
process.exit(0);

async function ownRows(): Promise<Row[]> {
  const modelsFolder = new URL('../models', import.meta.url).pathname;
  const [fft, engine, detector] = await Promise.all([
    loadFft(),
    loadEngine('wasm'),
    loadActivityDetector(`${modelsFolder}/activity`),
  ]);
  const chunks: Float32Array[] = [];
  for (let at = 0; at + CHUNK <= mono.length; at += CHUNK) chunks.push(mono.subarray(at, at + CHUNK));
  const source: Source = {
    uri: 'piece:',
    async *open() {
      for (const samples of chunks)
        yield {
          type: 'audio',
          sampleRateHz: RATE_HZ,
          channels: 1,
          samples,
          arrivedAtMs: 0,
        } satisfies AudioChunk;
    },
  };
  const endToEnd = async (name: string): Promise<Row> => {
    const stepper = createStepper(await loadModel(name, engine, { modelsFolder }));
    const work = () => lastValueFrom(track(source, { stream: 'bench', stepper, fft, detector }).messages$);
    return { stage: 'end to end', what: `${name}, each 0.5 s`, ms: await best(work) };
  };
  const mel = async () => {
    const frames = new MelFrames(fft, RATE_HZ);
    for (const samples of chunks) frames.push(samples, () => {});
  };
  const features = async () => {
    const extractor = new FeatureExtractor(fft, { sampleRateHz: RATE_HZ, channels: 1 });
    for (const samples of chunks) for (const _ of extractor.push(samples, 0));
  };
  return [
    { stage: 'mel', what: 'undertone, frames as they arrive', ms: await best(mel) },
    { stage: 'features', what: 'undertone, mel window and loudness', ms: await best(features) },
    await endToEnd('undertone-lite'),
    await endToEnd('undertone'),
  ];
}

async function meydaRows(): Promise<Row[]> {
  const [stage, what] = ['mel', 'Meyda melBands 128'];
  mkdirSync(values.folder, { recursive: true });
  const at = createRequire(join(values.folder, 'package.json'));
  try {
    if (!existsSync(join(values.folder, 'node_modules', 'meyda')))
      spawnSync('npm', ['install', '--silent', '--prefix', values.folder, 'meyda'], { stdio: 'inherit' });
    const meyda = at('meyda');
    Object.assign(meyda, { sampleRate: RATE_HZ, bufferSize: 2048, melBands: 128 });
    const work = async () => {
      for (let i = 0; i + 2048 <= mono.length; i += 512)
        meyda.extract('melBands', mono.subarray(i, i + 2048));
    };
    return [{ stage, what, ms: await best(work) }];
  } catch (error) {
    return [{ stage, what, error: (error as Error).message.slice(0, 120) }];
  }
}

function pythonRows(): Row[] {
  const venv = join(values.folder, 'venv');
  const python = join(venv, 'bin', 'python');
  if (!existsSync(python)) {
    if (spawnSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' }).status !== 0) {
      console.log('python3 with venv is missing: no Python package is measured.');
      return [];
    }
    for (const name of PYTHON_PACKAGES) {
      const { status } = spawnSync(python, ['-m', 'pip', 'install', '--quiet', name], { stdio: 'inherit' });
      if (status !== 0) console.log(`${name} could not be installed.`);
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'undertone-bench-'));
  try {
    const wav = join(folder, 'audio.wav');
    writeFileSync(wav, monoWav(mono));
    const { stdout, stderr, status } = spawnSync(python, [SCRIPT, wav], {
      encoding: 'utf8',
      env: { ...process.env, ...ONE_THREAD },
      maxBuffer: 1e8,
    });
    if (status !== 0) console.log(stderr);
    return stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Row);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of CPU per second of audio: the best of some rounds after one to warm up. */
async function best(work: () => Promise<unknown>): Promise<number> {
  await work();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++) {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000 / seconds);
  }
  return least;
}
