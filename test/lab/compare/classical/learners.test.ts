import { describe, expect, test, vi } from 'vitest';
import { createTreeLearner } from '../../../../lab/compare/classical/decision-tree.ts';
import { type Learner, type Rows, Standardizer } from '../../../../lab/compare/classical/learner.ts';
import { createForestLearner } from '../../../../lab/compare/classical/random-forest.ts';
import { createRidge } from '../../../../lab/compare/classical/ridge.ts';
import { createSvmLearner } from '../../../../lab/compare/classical/support-vectors.ts';
import { Random } from '../../../../lab/train/random.ts';

const WIDTH = 6;

function madeUp(n: number, seed: number): Rows {
  const random = new Random(seed);
  return { width: WIDTH, values: Float32Array.from({ length: n * WIDTH }, () => random.normal()) };
}

const column = ({ values }: Rows, i: number) =>
  Float64Array.from({ length: values.length / WIDTH }, (_, row) => values[row * WIDTH + i]!);

/** The target depends on column 2; the other columns are noise. */
const rule = (rows: Rows) => column(rows, 2).map((x) => 0.3 * Math.max(-1, Math.min(1, x)));

/** Four classes from the signs of columns 0 and 1. */
const quarters = (rows: Rows) => {
  const [a, b] = [column(rows, 0), column(rows, 1)];
  return Uint8Array.from(a, (x, i) => (x >= 0 ? 1 : 0) + (b[i]! >= 0 ? 2 : 0));
};

const learned = madeUp(300, 1);
const validation = madeUp(100, 2);
const fresh = madeUp(200, 3);
const checked = { rows: validation, targets: rule(validation) };

const mse = (predicted: Float64Array, truth: Float64Array) =>
  predicted.reduce((sum, y, i) => sum + (y - truth[i]!) ** 2, 0) / truth.length;

const learners: Readonly<Record<string, () => Learner | Promise<Learner>>> = {
  ridge: () => createRidge(),
  svm: createSvmLearner,
  tree: createTreeLearner,
  forest: createForestLearner,
};

describe.each(Object.entries(learners))('%s', (name, create) => {
  test('finds a planted rule on new rows', async () => {
    const fit = (await create()).regress(learned, rule(learned), checked);
    const truth = rule(fresh);
    const constant = truth.map(() => 0);
    expect(mse(fit.predict(fresh), truth)).toBeLessThan(0.35 * mse(constant, truth));
    expect(fit.parameters).toBeGreaterThan(0);
    expect(fit.bytes).toBeGreaterThan(0);
    fit.free();
  });

  test('predicts a row independently of other rows, and fits the same model twice', async () => {
    const learner = await create();
    const [a, b] = [0, 1].map(() => learner.regress(learned, rule(learned), checked));
    const all = a!.predict(fresh);
    expect(b!.predict(fresh)).toEqual(all);
    const one = { width: WIDTH, values: fresh.values.slice(7 * WIDTH, 8 * WIDTH) };
    expect(a!.predict(one)[0]).toBeCloseTo(all[7]!, 6);
    a!.free();
    b!.free();
  });

  if (name === 'ridge') return;

  test('predicts probabilities of four classes', async () => {
    const fit = (await create()).classify!(learned, quarters(learned));
    const predicted = fit.predict(fresh);
    const truth = quarters(fresh);
    expect(predicted).toHaveLength(4 * truth.length);
    let right = 0;
    for (const [i, is] of truth.entries()) {
      const shares = predicted.subarray(4 * i, 4 * i + 4);
      expect(shares.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
      expect(shares.every((p) => p >= 0 && p <= 1 + 1e-9)).toBe(true);
      if (shares.indexOf(Math.max(...shares)) === is) right++;
    }
    expect(right / truth.length).toBeGreaterThan(0.75);
    fit.free();
  });

  test('predicts the same classes when created again', async () => {
    const [a, b] = [await create(), await create()].map((learner) => {
      learner.regress(learned, rule(learned), checked).free();
      const fit = learner.classify!(learned, quarters(learned));
      const predicted = fit.predict(fresh);
      fit.free();
      return predicted;
    });
    expect(a).toEqual(b);
  });

  test('gives classes that never occur a probability of 0', async () => {
    const classes = quarters(learned).map((c) => (c % 2 === 0 ? 1 : 3)); // by column 0, and none of 0 or 2
    const fit = (await create()).classify!(learned, classes);
    const predicted = fit.predict(fresh);
    let right = 0;
    for (const [i, is] of quarters(fresh).entries()) {
      expect(predicted[4 * i]! + predicted[4 * i + 2]!).toBe(0);
      if (predicted[4 * i + 1]! > 0.5 === (is % 2 === 0)) right++;
    }
    expect(right / 200).toBeGreaterThan(0.85);
    fit.free();
  });
});

test('libraries leave no handlers in the process and print nothing', async () => {
  const spies = (['log', 'warn', 'error'] as const).map((of) => vi.spyOn(console, of));
  const before = process.listenerCount('unhandledRejection');
  for (const create of Object.values(learners)) {
    (await create()).regress(learned, rule(learned), checked).free();
  }
  expect(process.listenerCount('unhandledRejection')).toBe(before);
  expect(globalThis).toHaveProperty('WebAssembly.instantiateStreaming', expect.any(Function));
  for (const spy of spies) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});

test('standardizes rows by the training rows; constant columns become 0', () => {
  const rows = { width: 2, values: Float32Array.of(1, 5, 3, 5) };
  const standard = new Standardizer(rows);
  expect([...standard.apply(rows).values]).toEqual([-1, 0, 1, 0]);
  expect([...standard.apply({ width: 2, values: Float32Array.of(4, 9) }).values]).toEqual([2, 0]);
});
