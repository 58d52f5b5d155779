import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FrontEnd } from '../../../src/model/kinds/undertone/front-ends/front-end.ts';
import { FeatureExtractor } from '../../../src/stream/feature-extractor.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import type { StepWindow } from '../../../src/types.ts';
import { addWhiteNoise, playedClips } from '../augment/step-clips.ts';
import { Random } from '../random.ts';

/*
 * What is cached is found by what it was made of: the bytes of the audio, and what the code that heard it
 * makes of a fixed noise. Code that gives other numbers finds other places, without a version to forget.
 */

const known = new Map<string, Promise<string>>();

/** A hash of a file's bytes; read once per process unless the file changes. */
export async function audioHash(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path}/${size}/${mtimeMs}`;
  const hash = known.get(key) ?? hashFile(path);
  known.set(key, hash);
  return hash;
}

/** A hash of the mel frames that a fixed noise gives. */
export function melFingerprint(plans: FftPlans): string {
  const hash = createHash('sha256');
  for (const { mel, newFrames } of probe(plans)) addNumbers(hash, mel).update(String(newFrames));
  return hash.digest('hex');
}

/** A hash of the rows that a front end makes of a fixed noise, to the last bit: engines differ there. */
export function frontEndFingerprint(frontEnd: FrontEnd, plans: FftPlans): string {
  const hash = createHash('sha256');
  let state = frontEnd.initialState();
  for (const window of probe(plans)) {
    const heard = frontEnd.extract([{ window, state }])!;
    state = heard.states[0]!;
    addNumbers(hash, heard.rows);
  }
  return hash.digest('hex');
}

/** A hash of the half-second clips that a fixed noise gives, as recorded and played otherwise. */
export function clipFingerprint(plans: FftPlans): string {
  const hash = createHash('sha256');
  for (const sampleRateHz of [44_100, 48_000]) {
    const samples = swellingNoise(1, sampleRateHz);
    const extractor = new FeatureExtractor(plans, { sampleRateHz, channels: 1 }, undefined, 'clip');
    for (const { clip } of extractor.push(samples, 0)) addNumbers(hash, clip!);
    addNumbers(hash, playedClips(plans, samples, sampleRateHz, { speed: 1.05, pitch: 0.97 }));
    addWhiteNoise(samples, 20, 1);
    addNumbers(hash, samples);
  }
  return hash.digest('hex');
}

/** 3 s of noise at a rate whose spectrum is read between bins. */
function* probe(plans: FftPlans): Generator<StepWindow, void, undefined> {
  yield* new FeatureExtractor(plans, { sampleRateHz: 44_100, channels: 1 }).push(swellingNoise(3, 44_100), 0);
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
