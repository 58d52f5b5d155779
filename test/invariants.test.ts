import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadActivityDetector } from '../src/model/activity/activity-detector.ts';
import { loadEngine } from '../src/model/engine.ts';
import { loadModel } from '../src/model/load.ts';
import { createStepper, type Stepper } from '../src/model/stepper.ts';
import { loadFft } from '../src/stream/fft.ts';
import { openSource } from '../src/stream/sources/index.ts';
import { type TrackerState, track } from '../src/tracker.ts';
import type { EmotionFrame, ModelOutput } from '../src/types.ts';
import { readLena } from './support/audio.ts';
import { collect } from './support/collect.ts';
import { dataFolder } from './support/data.ts';
import { expectSameFrames, expectSameOutputs, framesOf } from './support/frames.ts';
import { chunkedSource } from './support/sources.ts';

/** The first three invariants of the design, checked with the shipped models and speech detector on real audio. */

interface Piece {
  readonly name: string;
  /** Interleaved. */
  readonly samples: Float32Array;
  readonly format: { readonly sampleRateHz: number; readonly channels: number };
}

const CLIPS = [
  'Kevin_MacLeod_-_Vibe_Ace.ogg',
  'Hungarian_Dance_number_5_-_Allegro_in_F_sharp_minor_string_orchestra.ogg',
];
const SECONDS = 20;

const fft = await loadFft();
const detector = await loadActivityDetector();
const pieces: Piece[] = [
  { name: 'a voice', samples: readLena(), format: { sampleRateHz: 44_100, channels: 1 } },
  ...(await clipPieces()),
];
const MODELS = ['undertone', 'undertone-lite'] as const;
const cases = MODELS.flatMap((model) => pieces.map((piece) => ({ model, piece, name: piece.name })));
let steppers: Record<(typeof MODELS)[number], Stepper>;

beforeAll(async () => {
  const engine = await loadEngine('wasm');
  const load = async (name: string) => createStepper(await loadModel(name, engine));
  steppers = { undertone: await load('undertone'), 'undertone-lite': await load('undertone-lite') };
});

/** The emitted frames of a run, and the model's outputs. */
interface Run {
  readonly frames: EmotionFrame[];
  readonly outputs: ModelOutput[];
}

function expectSameRuns(got: Run, wanted: Run): void {
  expectSameOutputs(got.outputs, wanted.outputs);
  expectSameFrames(got.frames, wanted.frames);
}

/** A stepper that records its outputs. */
function recorded(stepper: Stepper): Stepper & { readonly outputs: ModelOutput[] } {
  const outputs: ModelOutput[] = [];
  return {
    model: stepper.model,
    outputs,
    async step(input) {
      const output = await stepper.step(input);
      outputs.push(output);
      return output;
    },
    async run(windows, state) {
      const run = await stepper.run!(windows, state);
      outputs.push(...run);
      return run;
    },
  };
}

describe.each(cases)('same audio, same frames: $name, $model', ({ piece, model }) => {
  const run = async (
    { samples, format }: Piece,
    longest: number,
    seed = 1,
    state?: TrackerState,
  ): Promise<Run> => {
    const stepper = recorded(steppers[model]);
    const source = chunkedSource(samples, format, longest, seed);
    const tracker = track(source, { stream: 'a', stepper, fft, detector, ...(state && { state }) });
    return { frames: await framesOf(tracker), outputs: stepper.outputs };
  };

  it('however it is cut into chunks', async () => {
    const whole = await run(piece, piece.samples.length);
    expect(whole.frames.length).toBeGreaterThan(20);
    expect(whole.outputs.length).toBeGreaterThan(0);
    expectSameRuns(await run(piece, 40_000, 2), whole);
    expectSameRuns(await run(piece, 900, 3), whole);
  });

  it('alone or in one batch with other streams', async () => {
    const alone = await run(piece, 22_050);
    const shifted = (by: number): Piece => ({
      ...piece,
      samples: piece.samples.subarray(by * piece.format.channels),
    });
    const [together] = await Promise.all([
      run(piece, 22_050),
      ...Array.from({ length: 9 }, (_, i) => run(shifted(1000 * (i + 1)), 22_050, i + 2)),
    ]);
    expectSameRuns(together!, alone);
  });

  it('with the state saved half-way and restored from bytes', async () => {
    const whole = await run(piece, 22_050);
    const half = piece.format.channels * Math.floor(piece.samples.length / piece.format.channels / 2 + 333);
    const stepper = recorded(steppers[model]);
    const first = track(chunkedSource(piece.samples.subarray(0, half), piece.format, 5_000), {
      stream: 'a',
      stepper,
      fft,
      detector,
    });
    const before = await framesOf(first);
    const state = deserialize(serialize(await first.save()));
    const after = await run({ ...piece, samples: piece.samples.subarray(half) }, 7_000, 1, state);
    expectSameRuns(
      { frames: [...before, ...after.frames], outputs: [...stepper.outputs, ...after.outputs] },
      whole,
    );
  });
});

it('one inference per step, however many subscribers', async () => {
  const stepper = steppers['undertone-lite'];
  let inferences = 0;
  const counted: Stepper = {
    model: stepper.model,
    step: (input) => {
      inferences++;
      return stepper.step(input);
    },
  };
  const piece = pieces[0]!;
  const tracker = track(chunkedSource(piece.samples, piece.format), {
    stream: 'a',
    stepper: counted,
    fft,
    detector,
  });
  const watchers = await Promise.all(Array.from({ length: 20 }, () => framesOf(tracker)));
  expect(inferences).toBe(watchers[0]!.filter(({ activity }) => activity !== 'silence').length);
  for (const frames of watchers) expect(frames.at(-1)).toBe(watchers[0]!.at(-1));
});

/** The first seconds of real clips, where UNDERTONE_DATA names them. */
async function clipPieces(): Promise<Piece[]> {
  const folder = dataFolder('clips');
  if (!folder) return [];
  return Promise.all(
    CLIPS.map(async (name) => {
      const clip = openSource(`file:${join(folder, name)}`, { paced: false });
      const { samples, ...format } = await collect(clip.open(new AbortController().signal), SECONDS);
      return { name, samples, format };
    }),
  );
}
