import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type ScoredStep, stepsToCsv } from '../../../lab/evaluate/scored-steps.ts';
import { Random } from '../../../lab/train/random.ts';
import { readModel, writeModel } from '../../../src/model/kinds/undertone/model-file.ts';
import { madeUpModel } from '../../model/made-up.ts';
import { runHere } from '../../support/run-here.ts';

const MODEL = madeUpModel();
let model: string;

/** Steps whose arousal errors grow with novelty; those of valence do not. @param novel a run of an earlier version has none */
function fold(seed: number, novel = true): ScoredStep[] {
  const random = new Random(seed);
  return Array.from({ length: 4000 }, (_, i): ScoredStep => {
    const novelty = random.next();
    const step = {
      song: String(i),
      file: 'a.wav',
      t: 0.5,
      label: { valence: 0, arousal: 0 },
      predicted: {
        valence: 0.1 * random.normal(),
        arousal: 0.1 * (1 + 2 * novelty) * random.normal(),
      },
      sd: { valence: 0.1, arousal: 0.1 },
    };
    return novel ? { ...step, novelty } : step;
  });
}

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'undertone-intervals-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A finished run of the protocol `years`. */
async function finishedRun(network = MODEL.network, novel = true): Promise<string> {
  const folder = await temporary();
  const names = ['2013 to 2014', '2014 to 2013'];
  await writeFile(join(folder, 'protocol.json'), JSON.stringify({ protocol: 'years', options: { network } }));
  for (const [i, name] of names.entries()) {
    await writeFile(join(folder, `${name.replaceAll(' ', '-')}.csv`), stepsToCsv(fold(i + 1, novel)));
  }
  await writeFile(join(folder, 'report.json'), JSON.stringify({ folds: names.map((name) => ({ name })) }));
  return folder;
}

beforeEach(async () => {
  model = await temporary();
  await writeModel(model, MODEL);
});

test('calibrates the intervals of a model on the predictions of all runs', async () => {
  const { code, stdout } = await runHere([
    'train-intervals',
    '--model',
    model,
    '--runs',
    await finishedRun(),
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^all of years +8000 +90\.\d/m);
  expect(stdout).toMatch(/^2013 to 2014 +4000 /m);
  const { calibration, weights } = await readModel(model);
  expect(calibration.sdNovelty.valence).toBe(0);
  expect(calibration.sdNovelty.arousal).toBeCloseTo(2, 0);
  expect(calibration.noveltyP99).toBeCloseTo(0.99, 1);
  expect(calibration.labelSd).toEqual(MODEL.calibration.labelSd);
  expect(weights).toEqual(MODEL.weights);
  const log = (await readFile(join(model, 'training.jsonl'), 'utf8')).trim().split('\n');
  expect(JSON.parse(log.at(-1)!)).toMatchObject({
    type: 'intervals',
    coverage: [{}, {}, { of: 'all of years' }],
  });
});

test.each([
  ['a folder without a run', () => temporary(), 'has no finished run of a protocol'],
  [
    'a run of another network',
    () => finishedRun({ ...MODEL.network, hidden: 99 }),
    'is a run of another network than',
  ],
  ['a run of an earlier version', () => finishedRun(MODEL.network, false), 'have no column novelty'],
])('refuses %s', async (_, run, message) => {
  const { code, stderr } = await runHere(['train-intervals', '--model', model, '--runs', await run()]);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect((await readModel(model)).calibration).toEqual(MODEL.calibration);
});
