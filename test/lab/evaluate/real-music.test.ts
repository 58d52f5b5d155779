import { join } from 'node:path';
import { filter, lastValueFrom, toArray } from 'rxjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Clip, type Dataset, readDataset } from '../../../lab/datasets/dataset.ts';
import { evaluate } from '../../../lab/evaluate/evaluate.ts';
import { type EvaluatedClip, evaluateClips } from '../../../lab/evaluate/evaluate-clips.ts';
import { evaluationParts, readSplit } from '../../../lab/evaluate/parts.ts';
import { type Engine, loadEngine } from '../../../src/model/engine.ts';
import { readModel } from '../../../src/model/kinds/undertone/model-file.ts';
import { loadModel, MODELS_FOLDER } from '../../../src/model/load.ts';
import { createStepper } from '../../../src/model/stepper.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { openRecording } from '../../../src/stream/sources/index.ts';
import { track } from '../../../src/tracker.ts';
import type { EmotionFrame, Source } from '../../../src/types.ts';
import { dataFolder } from '../../support/data.ts';

const DATA = dataFolder('deam');
const MODEL = 'undertone';
/** A quarter of an hour of music by held-out artists. */
const CLIPS = 90;

describe.skipIf(!DATA)('real music (set UNDERTONE_DATA to a folder with deam/ to run)', () => {
  let engine: Engine;
  let dataset: Dataset;
  let clips: Clip[];
  let fresh: Map<Clip, EvaluatedClip>;
  let constant: { valence: number; arousal: number };

  beforeAll(async () => {
    engine = await loadEngine('wasm');
    dataset = await readDataset(DATA!);
    const folder = join(MODELS_FOLDER, MODEL);
    const [heldOut] = evaluationParts(dataset.clips, await readSplit(folder), 'held-out');
    clips = heldOut!.clips.slice(0, CLIPS);
    constant = (await readModel(folder)).calibration.labelMean;
    fresh = await evaluateClips({ dataset, clips, model: MODEL, engine });
  }, 300_000);

  test('music by held-out artists is predicted far better than by a constant', () => {
    const { axes } = evaluate(
      [...fresh.values()].map(({ steps }) => steps),
      constant,
    );
    expect(axes.valence.rmse).toBeLessThan(0.88 * axes.valence.constantRmse);
    expect(axes.arousal.rmse).toBeLessThan(0.72 * axes.arousal.constantRmse);
    for (const { coverage } of Object.values(axes)) {
      expect(coverage).toBeGreaterThan(0.85);
      expect(coverage).toBeLessThan(0.96);
    }
  });

  test('after a quarter of an hour without reset, predictions are as good as from a fresh state', async () => {
    const whole = clips.filter((clip) => fresh.get(clip)!.steps.length === 20);
    const model = await loadModel(MODEL, engine);
    const joined: Source = {
      uri: 'test:joined',
      async *open(signal) {
        for (const { path } of whole) yield* openRecording(path).source.open(signal);
      },
    };
    const { messages$ } = track(joined, {
      stream: 'joined',
      stepper: createStepper(model),
      fft: await loadFft(),
    });
    const isFrame = (message: { type: string }): message is EmotionFrame => message.type === 'emotion';
    const frames = await lastValueFrom(messages$.pipe(filter(isFrame), toArray()));
    model.dispose();

    // Only the last 5 s of each clip, so that the model has adapted to the change of song.
    const half = () => ({ continuous: 0, fresh: 0 });
    const squares = { first: half(), second: half() };
    for (const [i, clip] of whole.entries()) {
      const into = i < whole.length / 2 ? squares.first : squares.second;
      for (const [k, { label, predicted }] of fresh.get(clip)!.steps.entries()) {
        const frame = frames[20 * i + k];
        if (k < 10 || frame?.valence == null || frame.arousal == null) continue;
        into.continuous += (frame.valence - label.valence) ** 2 + (frame.arousal - label.arousal) ** 2;
        into.fresh += (predicted.valence - label.valence) ** 2 + (predicted.arousal - label.arousal) ** 2;
      }
    }
    for (const { continuous, fresh: fromFresh } of Object.values(squares)) {
      expect(Math.sqrt(continuous / fromFresh)).toBeLessThan(1.1);
    }
  }, 300_000);
});
