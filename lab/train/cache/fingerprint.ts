import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FrontEnd } from '../../../src/model/kinds/undertone/front-ends/front-end.ts';
import { FeatureExtractor } from '../../../src/stream/feature-extractor.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import type { EmotionModel, SourceItem, StepWindow } from '../../../src/types.ts';
import { remastered } from '../augment/mastering.ts';
import { addWhiteNoise, speedPitchClips } from '../augment/step-clips.ts';
import { Random } from '../random.ts';

/*
 * A cache key contains everything that the cached data depends on: a hash of the audio file, and a hash of what the
 * extracting code computes from a fixed noise. Code that computes other numbers has other keys, so no version number is
 * needed.
 */

const known = new Map<string, Promise<string>>();

/** A hash of a file's bytes. The file is read once per process unless its size or time changes. */
export async function audioHash(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path}/${size}/${mtimeMs}`;
  const hash = known.get(key) ?? hashFile(path);
  known.set(key, hash);
  return hash;
}

/** A hash of the mel frames of a fixed noise. */
export function melFingerprint(plans: FftPlans): string {
  const hash = createHash('sha256');
  for (const { mel, newFrames } of probe(plans)) addNumbers(hash, mel).update(String(newFrames));
  return hash.digest('hex');
}

/** A hash of a front end's output for a fixed noise, exact to the last bit, as engines round differently. */
export function frontEndFingerprint(frontEnd: FrontEnd, plans: FftPlans): string {
  const hash = createHash('sha256');
  let state = frontEnd.initialState();
  for (const window of probe(plans, frontEnd.needs)) {
    const { rows, states } = frontEnd.extract([{ window, state }])!;
    state = states[0]!;
    addNumbers(hash, rows);
  }
  return hash.digest('hex');
}

/** A hash of the half-second clips of a fixed noise, without and with augmentation. */
export function clipFingerprint(plans: FftPlans): string {
  const hash = createHash('sha256');
  for (const sampleRateHz of [44_100, 48_000]) {
    const samples = swellingNoise(1, sampleRateHz);
    const extractor = new FeatureExtractor(plans, { sampleRateHz, channels: 1 }, undefined, 'clip');
    for (const { clip } of extractor.push(samples, 0)) addNumbers(hash, clip!);
    addNumbers(hash, speedPitchClips(plans, samples, sampleRateHz, { speed: 1.05, pitch: 0.97 }));
    addWhiteNoise(samples, 20, 1);
    addNumbers(hash, samples);
  }
  return hash.digest('hex');
}

/** A hash of a fixed noise with another mastering. */
export async function masteringFingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const mastering = { speed: 1.05, gainDb: -3, bassDb: 4, trebleDb: -2 };
  for await (const item of remastered(noiseSource(), mastering)) {
    if (item.type === 'audio') addNumbers(hash, item.samples).update(String(item.sampleRateHz));
  }
  return hash.digest('hex');
}

async function* noiseSource(): AsyncGenerator<SourceItem, void, undefined> {
  const samples = swellingNoise(0.1, 44_100);
  yield { type: 'audio', samples, sampleRateHz: 44_100, channels: 1, arrivedAtMs: 0 };
}

/** The windows of 3 s of noise, at a rate at which the spectrum is interpolated between bins. */
function* probe(plans: FftPlans, needs?: EmotionModel['needs']): Generator<StepWindow, void, undefined> {
  const extractor = new FeatureExtractor(plans, { sampleRateHz: 44_100, channels: 1 }, undefined, needs);
  yield* extractor.push(swellingNoise(3, 44_100), 0);
}

function swellingNoise(seconds: number, sampleRateHz: number): Float32Array {
  const random = new Random(1);
  const length = seconds * sampleRateHz;
  return Float32Array.from({ length }, (_, i) => (i / length) * random.between(-1, 1));
}

function addNumbers(hash: Hash, numbers: Float32Array): Hash {
  return hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
