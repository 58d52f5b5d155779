import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Engine,
  type EngineName,
  isInstalled,
  loadEngine,
  type Tf,
} from '../../../../../src/model/engine.ts';
import {
  createLayers,
  type MusicnnLayers,
} from '../../../../../src/model/kinds/undertone/front-ends/musicnn/layers.ts';
import { joinFeatures } from '../../../../../src/model/kinds/undertone/front-ends/musicnn/patch.ts';
import {
  framesAfter,
  framesBefore,
  KERNEL_PAD,
  TEMPORAL_TAPS,
} from '../../../../../src/model/kinds/undertone/front-ends/musicnn/sizes.ts';
import {
  createStreaming,
  type MusicnnState,
  type Streaming,
} from '../../../../../src/model/kinds/undertone/front-ends/musicnn/streaming.ts';
import { readMusicnnWeights } from '../../../../../src/model/kinds/undertone/front-ends/musicnn/weights.ts';
import { expectClose } from '../../../../support/expect-close.ts';

const WEIGHTS = new URL('../../../../../models/musicnn', import.meta.url).pathname;
const [FRAMES, BANDS] = [187, 96];
const engines = (['wasm', 'node', 'gpu'] as EngineName[]).filter(isInstalled);

describe.each(engines)('the music tagger on a stream, on %s', (name) => {
  let engine: Engine;
  let layers: MusicnnLayers;
  let streaming: Streaming;

  beforeAll(async () => {
    engine = await loadEngine(name);
    layers = createLayers(engine.tf, await readMusicnnWeights(WEIGHTS));
    streaming = createStreaming(engine.tf, layers);
    return layers.dispose;
  });

  it('computes from the new frames what it would compute from the whole past', () => {
    const mel = melody(260);
    let state = streaming.initialState();
    let end = 0;
    for (const [step, newFrames] of [30, 31, 31, 32, 31, 31, 31, 32].entries()) {
      end += newFrames;
      const { states, outputs } = streaming.step([
        { window: { mel: newest(mel, end), newFrames, step }, state },
      ]);
      state = states[0]!;
      expectClose(outputs, overWholePast(engine.tf, layers, mel.subarray(0, end * BANDS)), 1e-4);
    }
  });

  it('has the same outputs for a stream alone as in a batch', () => {
    const streams = [
      { mel: melody(120, 1), newFrames: [30, 31, 31] },
      { mel: melody(120, 2), newFrames: [31, 31, 31], firstStep: 7 },
    ];
    let states: MusicnnState[] = streams.map(() => streaming.initialState());
    const ends = [0, 0];
    for (let k = 0; k < 3; k++) {
      const inputs = streams.map(({ mel, newFrames, firstStep = 0 }, i) => {
        ends[i]! += newFrames[k]!;
        return {
          window: { mel: newest(mel, ends[i]!), newFrames: newFrames[k]!, step: firstStep + k },
          state: states[i]!,
        };
      });
      const together = streaming.step(inputs);
      const apart = inputs.map((input) => streaming.step([input]));
      expectClose(
        together.outputs,
        apart.flatMap(({ outputs }) => [...outputs]),
        1e-5,
      );
      states = together.states;
    }
  });

  it('rejects a step of another length', () => {
    const state = streaming.initialState();
    const window = { mel: new Float32Array(FRAMES * BANDS), newFrames: 20, step: 0 };
    expect(() => streaming.step([{ window, state }])).toThrow('30 to 32 new frames, not 20');
  });
});

/** `[frames, bands]`: tones that come and go, on the scale of log-mel frames (0 to about 4). */
function melody(frames: number, seed = 0): Float32Array {
  return Float32Array.from({ length: frames * BANDS }, (_, i) => {
    const [frame, band] = [Math.floor(i / BANDS), i % BANDS];
    const tone = Math.sin(frame / (3 + (band % 7)) + seed) * Math.cos(band / (5 + seed));
    return Math.max(0, 1.5 + 1.5 * tone + 0.5 * Math.sin(frame * band));
  });
}

/** The window that ends after `end` frames; frames from before the start are 0. */
function newest(mel: Float32Array, end: number): Float32Array {
  const window = new Float32Array(FRAMES * BANDS);
  const from = Math.max(0, end - FRAMES);
  window.set(mel.subarray(from * BANDS, end * BANDS), (FRAMES - (end - from)) * BANDS);
  return window;
}

/** All layers over everything since the stream began, zeros round it, pooled over its newest 187 rows. */
function overWholePast(tf: Tf, layers: MusicnnLayers, mel: Float32Array): Float32Array {
  const normalized = layers.normalize(mel.slice());
  const pad = (before: number, after: number) => {
    const padded = new Float32Array(normalized.length + (before + after) * BANDS);
    padded.set(normalized, before * BANDS);
    return padded;
  };
  return tf.tidy(() => {
    const temporal = layers.temporal.map((layer, i) => {
      const taps = TEMPORAL_TAPS[i]!;
      return layer(pad(framesBefore(taps), framesAfter(taps)), 1);
    });
    const features: Tensor3D[] = [
      tf.concat([layers.timbral(pad(KERNEL_PAD, KERNEL_PAD), 1), ...temporal], 2),
    ];
    for (const layer of layers.middle)
      features.push(
        layer(
          tf.pad(features.at(-1)!, [
            [0, 0],
            [3, 3],
            [0, 0],
          ]),
        ),
      );
    const frames: Tensor3D = tf.concat(features, 2);
    const window = tf.slice(frames, [0, Math.max(0, frames.shape[1] - FRAMES), 0]);
    const max: Tensor2D = tf.max(window, 1);
    const mean: Tensor2D = tf.mean(window, 1);
    return joinFeatures(tf, { max, mean, ...layers.backEnd(max, mean) }).dataSync() as Float32Array;
  });
}
