import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Clip, readDataset } from '../../../lab/datasets/dataset.ts';
import {
  applyTransition,
  BEFORE_STEPS,
  drawTransitions,
  type Transition,
} from '../../../lab/train/augment/transition.ts';
import { createMelCache } from '../../../lab/train/cache/mel-cache.ts';
import { trainingSubset } from '../../../lab/train/example.ts';
import { extractTrainingExamples } from '../../../lab/train/examples.ts';
import { MEL_PARTS, type StoredMel } from '../../../lab/train/features/stored.ts';
import { DEFAULT_TRAINING } from '../../../lab/train/options.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import { SMALL_NETWORK } from '../../model/made-up.ts';
import { makeData } from './made-up-data.ts';

const STEPS = 12;
const [OLD, NEW, TALK] = [1, 2, 3].map(constantMel) as [StoredMel, StoredMel, StoredMel];
const before = { song: { id: '1', artist: 'a' }, path: 'a.wav', file: 'a.wav', startMs: 0 };
const cut: Transition = { before, kind: 'cut', steps: 0, gainDb: [0, 0] };

/** The same value in every band of every frame. */
function constantMel(value: number): StoredMel {
  const ends = Uint16Array.from({ length: STEPS }, (_, step) => Math.floor(31.25 * (step + 1)) - 1);
  return { frames: new Uint16Array(ends.at(-1)! * MEL_BANDS).fill(value * MEL_PARTS), ends };
}

/** Log power of the first band in the last frame of each step. */
function levels({ frames, ends }: StoredMel): number[] {
  return [...ends].map((end) => frames[(end - 1) * MEL_BANDS]! / MEL_PARTS);
}

const many = (value: number, count: number): number[] => new Array(count).fill(value);

describe('a transition', () => {
  test('with a cut has the end of the first song, then all of the second', () => {
    const { mel, clipStep, labelStep } = applyTransition(cut, OLD, NEW);
    expect(levels(mel)).toEqual([...many(1, BEFORE_STEPS), ...many(2, STEPS)]);
    expect([clipStep, labelStep]).toEqual([BEFORE_STEPS, BEFORE_STEPS]);
  });

  test('with a pause is silent in between', () => {
    const { mel, clipStep, labelStep } = applyTransition({ ...cut, kind: 'pause', steps: 3 }, OLD, NEW);
    expect(levels(mel)).toEqual([...many(1, BEFORE_STEPS), 0, 0, 0, ...many(2, STEPS)]);
    expect([clipStep, labelStep]).toEqual([BEFORE_STEPS + 3, BEFORE_STEPS + 3]);
  });

  test('with speech has the speech in between', () => {
    const talk = { mel: TALK, from: 0.99 };
    const { mel, clipStep } = applyTransition({ ...cut, kind: 'speech', steps: 4 }, OLD, NEW, talk);
    expect(levels(mel)).toEqual([...many(1, BEFORE_STEPS), 3, 3, 3, 3, ...many(2, STEPS)]);
    expect(clipStep).toBe(BEFORE_STEPS + 4);
  });

  test('with a crossfade adds the powers of both songs, and labels start after it', () => {
    const { mel, clipStep, labelStep } = applyTransition({ ...cut, kind: 'crossfade', steps: 6 }, OLD, NEW);
    // 6 of the 12 steps fade; the other 6, fewer than BEFORE_STEPS, come before.
    expect([clipStep, labelStep]).toEqual([6, 12]);
    const [low, high] = [10 - 1, 100 - 1];
    const faded = levels(mel).slice(clipStep, labelStep);
    for (const [i, value] of faded.entries()) {
      const share = (i + 1) / 6;
      expect(10 ** value - 1).toBeCloseTo(share * high + (1 - share) * low, -0.7);
    }
    expect(levels(mel).slice(labelStep)).toEqual(many(2, 6));
    expect(levels(applyTransition({ ...cut, kind: 'crossfade', steps: 99 }, OLD, NEW).mel).at(-1)).toBe(2);
  });

  test('has a level for each song', () => {
    const { mel } = applyTransition({ ...cut, gainDb: [-10, 10] }, OLD, NEW);
    const [first, last] = [levels(mel)[0]!, levels(mel).at(-1)!];
    expect(first).toBeCloseTo(Math.log10(1 + 0.1 * 9), 3);
    expect(last).toBeCloseTo(Math.log10(1 + 10 * 99), 3);
  });

  test('has as many frames per step as a stream', () => {
    for (const kind of ['cut', 'pause', 'crossfade', 'speech'] as const) {
      const { mel } = applyTransition({ ...cut, kind, steps: 5 }, OLD, NEW, { mel: TALK, from: 0.4 });
      expect(mel.frames.length).toBe(mel.ends.at(-1)! * MEL_BANDS);
      for (let step = 1; step < mel.ends.length; step++) {
        const count = mel.ends[step]! - mel.ends[step - 1]!;
        expect(count, `${kind}, step ${step}`).toBeGreaterThanOrEqual(30);
        expect(count, `${kind}, step ${step}`).toBeLessThanOrEqual(32);
      }
    }
  });
});

test('transitions of a clip are reproducible, with speech only if there are recordings of it', () => {
  const clips: Clip[] = Array.from({ length: 30 }, (_, i) => ({ ...before, file: `${i}.wav` }));
  const options = { passages: 4, passageGainDb: 6, speech: [] };
  const all = clips.flatMap((clip) => drawTransitions(clip, clips, ['talk.wav'], options));
  expect(clips.flatMap((clip) => drawTransitions(clip, clips, ['talk.wav'], options))).toEqual(all);
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['cut', 'crossfade', 'pause', 'speech']));
  const withoutSpeech = clips.flatMap((clip) => drawTransitions(clip, clips, [], options));
  expect(new Set(withoutSpeech.map(({ kind }) => kind))).toEqual(new Set(['cut', 'crossfade', 'pause']));
});

test('a clip keeps its labels after the transition, and songs outside the training subset are left out', async () => {
  const dataset = await readDataset(await makeData(6));
  const request = {
    dataset,
    clips: dataset.clips,
    engine: await loadEngine('wasm'),
    fft: await loadFft(),
    cacheFolder: await mkdtemp(join(tmpdir(), 'undertone-transitions-')),
    network: SMALL_NETWORK,
  };
  const options = { ...DEFAULT_TRAINING, passages: 3 };
  const examples = await extractTrainingExamples(request, options);
  const mels = createMelCache(request.fft, request.cacheFolder);
  for (const { clip, labels, steps, variants } of examples) {
    expect(variants).toHaveLength(3);
    for (const variant of variants!) {
      expect(variant.after).toBeDefined();
      expect(variant.mel!.ends.length).toBe(variant.steps);
      const own = variant.labels.slice(-2 * steps);
      const known = own.findIndex(Number.isFinite);
      expect(own.slice(known)).toEqual(labels.slice(known));
      expect(variant.labels.slice(0, -2 * steps).every(Number.isNaN)).toBe(true);
      const last = (await mels.get(clip.path)).ends.at(-1)!;
      expect(variant.mel!.ends.at(-1)).toBeGreaterThan(last);
    }
  }
  const excluded = examples[0]!.clip.song;
  const subset = trainingSubset(examples, ({ id }) => id !== excluded.id);
  expect(subset).toHaveLength(examples.length - 1);
  const after = subset.flatMap(({ variants }) => variants!.map((variant) => variant.after!.id));
  expect(after).not.toContain(excluded.id);
  expect(after.length).toBeGreaterThan(0);
});
