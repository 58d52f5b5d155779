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

const optionsOf = (frontEnd: 'musicnn' | 'patches'): TrainOptions => ({
  ...TRAINING[frontEnd],
  network: { frontEnd, inputs: INPUTS[frontEnd], projection: 12, hidden: 8, members: 1 },
  epochs: 3,
  calibrationFolds: 2,
  streams: 4,
  sequenceSteps: 16,
  pieceSteps: [4, 8],
});

describe.each(['musicnn', 'patches'] as const)('behind %s', (frontEnd) => {
  const OPTIONS = optionsOf(frontEnd);
  let engine: Engine;
  let dataset: Dataset;
  let examples: Example[];
  let root: string;

  beforeAll(async () => {
    engine = await loadEngine('wasm');
    dataset = await readDataset(await makeData(24));
    root = await mkdtemp(join(tmpdir(), 'undertone-front-end-'));
    examples = await hear();
  }, 300_000);

  async function hear(): Promise<Example[]> {
    const { network } = OPTIONS;
    const request = { dataset, clips: dataset.clips, engine, cacheFolder: join(root, 'cache'), network };
    return extractExamples({ ...request, fft: await loadFft() });
  }

  test('what was heard once is taken from the cache, number for number', async () => {
    const again = await hear();
    for (const [i, { rows, steps }] of examples.entries()) {
      expect(rows!.length).toBe(steps * INPUTS[frontEnd]);
      expect(again[i]!.rows).toEqual(rows);
    }
  });

  test('live the trained model says what training saw it say', async () => {
    const out = join(root, 'model');
    const request = { dataset, engine, fft: await loadFft(), out, cacheFolder: join(root, 'cache') };
    await train({ ...request, options: OPTIONS });
    expect((await stat(join(out, 'weights.bin'))).size).toBeLessThan(100_000); // not the front end's own weights
    const log = (await readFile(join(out, 'training.jsonl'), 'utf8')).trim().split('\n');
    expect(log.map((line) => JSON.parse(line).type)).toEqual([
      'begin',
      'epoch',
      'epoch',
      'epoch',
      'fold',
      'fold',
      'refit',
      'done',
    ]);

    const { weights, network } = await readModel(out);
    const [example] = examples;
    const sequence = new SequenceMaker().make([wholeClip(example!)]);
    const [seen] = predict(engine.tf, network, weights, [sequence]);
    const model = await loadModel(out, engine);
    const said: number[] = [];
    let state = model.initialState();
    const analyzer = new StreamAnalyzer('test', await loadFft());
    for await (const item of openRecording(example!.clip.path).source.open(new AbortController().signal)) {
      for (const heard of analyzer.analyze(item)) {
        if (!('mel' in heard)) continue;
        const [output] = model.step([{ window: heard, state }]);
        state = output!.state;
        said.push(output!.valence, output!.arousal);
      }
    }
    model.dispose();
    expectClose(said, seen!.emotion, 1e-4);
  }, 300_000);

  test('every clip is judged once in a cross-validation, and no tensor stays behind', async () => {
    const before = engine.tf.memory().numTensors;
    const results = await crossValidate({ engine, options: OPTIONS, examples, folds: artistFolds(2) });
    expect(results.map(({ judged }) => judged).reduce((a, b) => a + b)).toBe(examples.length);
    for (const { learned, judged } of results) expect(learned + judged).toBe(examples.length);
    expect(engine.tf.memory().numTensors).toBe(before);
  }, 300_000);
});
