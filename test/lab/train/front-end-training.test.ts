import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Dataset, readDataset } from '../../../lab/datasets/dataset.ts';
import { crossValidate } from '../../../lab/train/cross-validate.ts';
import type { Example } from '../../../lab/train/example.ts';
import { extractExamples } from '../../../lab/train/examples.ts';
import { TRAINING, type TrainOptions } from '../../../lab/train/options.ts';
import { predict } from '../../../lab/train/predict.ts';
import { artistFolds } from '../../../lab/train/protocol.ts';
import { SequenceMaker, wholeClip } from '../../../lab/train/sequence.ts';
import { train } from '../../../lab/train/train.ts';
import { type Engine, loadEngine } from '../../../src/model/engine.ts';
import { INPUTS } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import { readModel } from '../../../src/model/kinds/undertone/model-file.ts';
import { loadModel } from '../../../src/model/load.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { openRecording } from '../../../src/stream/sources/index.ts';
import { StreamAnalyzer } from '../../../src/stream/stream-analyzer.ts';
import { expectClose } from '../../support/expect-close.ts';
import { makeData } from './made-up-data.ts';

const FRONT_ENDS = ['ced', 'ced-streaming', 'ced-small'] as const;
/** Its regression has thousands of inputs: it is fitted once, not for each fold and for all music again. */
const FITTED_ONCE = 'ced-streaming';

const optionsOf = (frontEnd: (typeof FRONT_ENDS)[number]): TrainOptions => ({
  ...TRAINING[frontEnd],
  network: {
    frontEnd,
    inputs: INPUTS[frontEnd],
    projection: 12,
    hidden: 8,
    members: 1,
    landmarks: 20,
    leastShare: 1,
  },
  epochs: 3,
  masterings: 0,
  boundarySequences: 0,
  calibrationFolds: frontEnd === FITTED_ONCE ? 0 : 2,
  refit: frontEnd !== FITTED_ONCE,
  streams: 4,
  sequenceSteps: 16,
  pieceSteps: [4, 8],
});

describe.each(FRONT_ENDS)('with the front end %s', (frontEnd) => {
  const OPTIONS = optionsOf(frontEnd);
  let engine: Engine;
  let dataset: Dataset;
  let examples: Example[];
  let root: string;

  beforeAll(async () => {
    engine = await loadEngine('wasm');
    dataset = await readDataset(await makeData(24));
    root = await mkdtemp(join(tmpdir(), 'undertone-front-end-'));
    examples = await extract();
  }, 300_000);

  async function extract(): Promise<Example[]> {
    const { network } = OPTIONS;
    const request = { dataset, clips: dataset.clips, engine, cacheFolder: join(root, 'cache'), network };
    return extractExamples({ ...request, fft: await loadFft() });
  }

  test('rows from the cache equal the extracted ones', async () => {
    const again = await extract();
    for (const [i, { rows, steps }] of examples.entries()) {
      expect(rows!.length).toBe(steps * INPUTS[frontEnd]);
      expect(again[i]!.rows).toEqual(rows);
    }
  });

  test('the trained model predicts the same on the live path as in training', async () => {
    const out = join(root, 'model');
    const request = { dataset, engine, fft: await loadFft(), out, cacheFolder: join(root, 'cache') };
    await train({ ...request, options: OPTIONS });
    expect((await stat(join(out, 'weights.bin'))).size).toBeLessThan(100_000); // without the weights of the front end
    const log = (await readFile(join(out, 'training.jsonl'), 'utf8')).trim().split('\n');
    expect(log.map((line) => JSON.parse(line).type)).toEqual([
      'begin',
      'epoch',
      'epoch',
      'epoch',
      ...(frontEnd === FITTED_ONCE ? [] : ['fold', 'fold', 'refit']),
      'done',
    ]);

    const { weights, network } = await readModel(out);
    const [example] = examples;
    const sequence = new SequenceMaker().make([wholeClip(example!)]);
    const [expected] = predict(engine.tf, network, weights, [sequence]);
    const model = await loadModel(out, engine);
    const live: number[] = [];
    let state = model.initialState();
    const analyzer = new StreamAnalyzer('test', await loadFft(), undefined, model.needs);
    for await (const item of openRecording(example!.clip.path).source.open(new AbortController().signal)) {
      for (const window of analyzer.analyze(item)) {
        if (!('mel' in window)) continue;
        const [output] = model.step([{ window, state }]);
        state = output!.state;
        live.push(output!.valence, output!.arousal);
      }
    }
    model.dispose();
    expectClose(live, expected!.emotion, 1e-4);
  }, 300_000);

  test('a cross-validation evaluates every clip once and leaks no tensors', async () => {
    const before = engine.tf.memory().numTensors;
    const results = await crossValidate({ engine, options: OPTIONS, examples, folds: artistFolds(2) });
    expect(results.map(({ evaluatedClips }) => evaluatedClips).reduce((a, b) => a + b)).toBe(examples.length);
    for (const { trainingClips, evaluatedClips } of results)
      expect(trainingClips + evaluatedClips).toBe(examples.length);
    expect(engine.tf.memory().numTensors).toBe(before);
  }, 300_000);
});
