/*
 * Do streams that join and leave at random predict what each predicts alone?
 *
 *   npm run bench joins -- [--streams 500] [--at-once 60] [--model undertone-lite] [--engine wasm] [--seed 1]
 *
 * Each stream is a piece of a recording of random length, in chunks of random length, and runs in batches with up to
 * `--at-once` others. Then it runs alone and in one chunk, as a recording does. The table shows the largest difference
 * of the predictions, before they are rounded; the goal is 1e-5.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { Random } from '../lab/train/random.ts';
import { loadActivityDetector } from '../src/model/activity/activity-detector.ts';
import { type EngineName, loadEngine } from '../src/model/engine.ts';
import { loadModel } from '../src/model/load.ts';
import { createStepper, type Stepper } from '../src/model/stepper.ts';
import { loadFft } from '../src/stream/fft.ts';
import { track } from '../src/tracker.ts';
import type { AudioChunk, ModelOutput, Source } from '../src/types.ts';
import { machine } from './load/machine.ts';
import { piece, RATE_HZ } from './load/piece.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'string', default: '500' },
    'at-once': { type: 'string', default: '60' },
    model: { type: 'string', multiple: true, default: ['undertone-lite'] },
    engine: { type: 'string', default: 'wasm' },
    seed: { type: 'string', default: '1' },
  },
});
const [streams, atOnce] = [Number(values.streams), Number(values['at-once'])];
const SECONDS = 30;
const LONGEST_SECONDS = 6;
const GOAL = 1e-5;

console.log(`${machine()}; ${values.engine}`);
const modelsFolder = new URL('../models', import.meta.url).pathname;
const pcm = await piece(positionals[0], SECONDS);
const recording = Float32Array.from(
  new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2),
  (x) => x / 32_768,
);
const [engine, fft, detector] = await Promise.all([
  loadEngine(values.engine as EngineName),
  loadFft(),
  loadActivityDetector(`${modelsFolder}/activity`),
]);
const rows = [];
for (const name of values.model) {
  const model = await loadModel(name, engine, { modelsFolder });
  let batches = 0;
  const counted = {
    ...model,
    step: (inputs: Parameters<typeof model.step>[0]) => {
      batches++;
      return model.step(inputs);
    },
  };
  // A clock that stands still: batches are as large as on a fast machine, and steps are computed in parts.
  const stepper = createStepper(counted, () => 0);
  const random = new Random(Number(values.seed));
  const pieces = Array.from({ length: streams }, () => {
    const length = RATE_HZ * (0.5 + random.next() * (LONGEST_SECONDS - 0.5));
    const from = Math.floor(random.next() * (SECONDS * RATE_HZ - length));
    return recording.subarray(2 * from, 2 * Math.floor(from + length));
  });
  const together: ModelOutput[][] = [];
  const waiting = [...pieces.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, samples] = next;
      const longest = 1_000 + Math.floor(random.next() * 30_000);
      together[i] = await outputsOf(sourceOf(samples, longest), stepper);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const inBatches = batches;
  let largest = 0;
  let steps = 0;
  for (const [i, samples] of pieces.entries()) {
    const alone = await outputsOf(sourceOf(samples, samples.length), stepper);
    if (alone.length !== together[i]!.length) throw new Error(`Stream ${i} has another number of steps.`);
    steps += alone.length;
    for (const [k, output] of alone.entries())
      for (const field of ['valence', 'arousal', 'valenceSd', 'arousalSd', 'confidence'] as const)
        largest = Math.max(largest, Math.abs(output[field] - together[i]![k]![field]));
  }
  rows.push({
    model: name,
    streams,
    steps,
    'steps per batch': (steps / inBatches).toFixed(1),
    'largest difference': largest.toExponential(1),
    goal: GOAL,
  });
  model.dispose();
}
console.table(rows);
process.exit(rows.every((row) => Number(row['largest difference']) <= GOAL) ? 0 : 1);

async function outputsOf(source: Source, stepper: Stepper): Promise<ModelOutput[]> {
  const outputs: ModelOutput[] = [];
  const recorded: Stepper = {
    ...stepper,
    async step(input) {
      const output = await stepper.step(input);
      outputs.push(output);
      return output;
    },
    ...(stepper.run && {
      async run(...of: Parameters<NonNullable<Stepper['run']>>) {
        const all = await stepper.run!(...of);
        outputs.push(...all);
        return all;
      },
    }),
  };
  const tracker = track(source, { stream: 'a', stepper: recorded, fft, detector });
  await lastValueFrom(tracker.messages$);
  return outputs;
}

/** Yields to the other streams after each chunk, as live audio does. */
function sourceOf(samples: Float32Array, longest: number): Source {
  return {
    uri: 'test:',
    async *open(): AsyncGenerator<AudioChunk> {
      for (let at = 0; at < samples.length; at += 2 * longest) {
        yield {
          type: 'audio',
          samples: samples.slice(at, at + 2 * longest),
          sampleRateHz: RATE_HZ,
          channels: 2,
          arrivedAtMs: performance.now(),
        };
        await turn();
      }
    },
  };
}
