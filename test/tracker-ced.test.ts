import { setImmediate as turn } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../src/model/engine.ts';
import { createEmotionModel } from '../src/model/kinds/undertone/emotion-model.ts';
import { INPUTS, loadFrontEnd } from '../src/model/kinds/undertone/front-ends/index.ts';
import { MODELS_FOLDER } from '../src/model/load.ts';
import { createStepper, type Stepper } from '../src/model/stepper.ts';
import { loadFft } from '../src/stream/fft.ts';
import { type TrackerState, track } from '../src/tracker.ts';
import type { EarlyInput, EmotionFrame, ModelOutput, Source } from '../src/types.ts';
import { madeUpModel, SMALL_NETWORK } from './model/made-up.ts';
import { readLena } from './support/audio.ts';
import { expectSameFrames, expectSameOutputs, framesOf } from './support/frames.ts';
import { chunkedSource, sourceOf } from './support/sources.ts';

/** The first two invariants of the design, for models behind the audio transformer. */

const fft = await loadFft();
const MONO = { sampleRateHz: 44_100, channels: 1 };
const voice = readLena().subarray(0, 6 * 44_100);

describe.each(['ced', 'ced-streaming'] as const)('a model with the front end %s', (name) => {
  let stepper: Stepper;

  beforeAll(async () => {
    const engine = await loadEngine('wasm');
    const network = { ...SMALL_NETWORK, frontEnd: name, inputs: INPUTS[name] };
    const frontEnd = await loadFrontEnd(name, engine, MODELS_FOLDER);
    const model = createEmotionModel(madeUpModel(3, network), engine, frontEnd);
    const { early } = model;
    const compute = (inputs: readonly EarlyInput[]) => {
      earlyBatches++;
      return early!.compute(inputs);
    };
    stepper = createStepper(early ? { ...model, early: { ...early, compute } } : model, () => 0);
  });

  afterAll(() => stepper.model.dispose());

  interface Run {
    readonly frames: EmotionFrame[];
    readonly outputs: ModelOutput[];
    readonly state: TrackerState;
  }

  let earlyBatches = 0;

  /** A chunk a turn of the event loop, as live audio arrives, so that parts of steps are computed early. */
  function liveSource(samples: Float32Array): Source {
    const source = chunkedSource(samples, MONO, 441);
    return {
      uri: source.uri,
      async *open(signal) {
        for await (const item of source.open(signal)) {
          yield item;
          await turn();
          await turn();
        }
      },
    };
  }

  /** Tracks a source and records the model's outputs. */
  async function run(source: Source, state?: TrackerState): Promise<Run> {
    const outputs: ModelOutput[] = [];
    const recording: Stepper = {
      ...stepper,
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
    const tracker = track(source, { stream: 'booth', stepper: recording, fft, state });
    return { frames: await framesOf(tracker), outputs, state: await tracker.save() };
  }

  it('predicts the same for any chunks, alone and in a batch', async () => {
    const whole = await run(chunkedSource(voice, MONO, voice.length));
    expect(new Set(whole.outputs.map(({ arousal }) => arousal)).size).toBe(12);
    const others = await Promise.all([
      run(chunkedSource(voice, MONO, 900, 3)),
      run(chunkedSource(voice, MONO, 30_000, 7)),
      run(chunkedSource(voice.subarray(44_100), MONO, 5000)),
    ]);
    for (const { frames, outputs } of others.slice(0, 2)) {
      expectSameFrames(frames, whole.frames);
      expectSameOutputs(outputs, whole.outputs);
    }
  });

  it.runIf(name === 'ced-streaming')('computes parts of steps early without a difference', async () => {
    const whole = await run(chunkedSource(voice, MONO, voice.length));
    expect(earlyBatches).toBe(0);
    const live = await run(liveSource(voice));
    expect(earlyBatches).toBeGreaterThan(20);
    expectSameFrames(live.frames, whole.frames);
    expectSameOutputs(live.outputs, whole.outputs);
    const at = 3 * 44_100 + 19_876; // Two of three parts of its step are computed.
    const first = await run(liveSource(voice.subarray(0, at)));
    const second = await run(liveSource(voice.subarray(at)), deserialize(serialize(first.state)));
    expectSameFrames([...first.frames, ...second.frames], whole.frames);
    earlyBatches = 0;
  });

  it('continues from a saved state in the middle of a step', async () => {
    const whole = await run(chunkedSource(voice, MONO));
    const at = 3 * 44_100 + 9876;
    const first = await run(chunkedSource(voice.subarray(0, at), MONO, 5000));
    const state: TrackerState = deserialize(serialize(first.state));
    const second = await run(chunkedSource(voice.subarray(at), MONO, 7000), state);
    expectSameFrames([...first.frames, ...second.frames], whole.frames);
    expectSameOutputs([...first.outputs, ...second.outputs], whole.outputs);
  });

  it('goes on after a change of format', async () => {
    const chunk = { type: 'audio', sampleRateHz: 44_100, arrivedAtMs: 0 } as const;
    const stereo = Float32Array.from({ length: 2 * voice.length }, (_, i) => voice[i >> 1]!);
    const items = [
      { ...chunk, channels: 1, samples: voice.subarray(0, 44_100 + 500) },
      { ...chunk, channels: 2, samples: stereo },
      { ...chunk, channels: 1, sampleRateHz: 22_050, samples: voice.filter((_, i) => i % 2 === 0) },
    ];
    const { frames, outputs } = await run(sourceOf(items));
    expect(frames.length).toBe(2 + 12 + 12);
    for (const { valence, arousal } of outputs) expect(Number.isFinite(valence + arousal)).toBe(true);
  });

  it.runIf(name === 'ced-streaming')('refuses the state of another model', () => {
    const state = { h: new Float32Array(8), c: new Float32Array(8) };
    const window = { step: 0, mel: new Float32Array(0), newFrames: 31, loudness: -20, arrivedAtMs: 0 };
    expect(() => stepper.model.step([{ window, state }])).toThrow('another model');
  });
});
