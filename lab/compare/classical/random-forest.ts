import { loadEmscripten } from '../../../src/util/emscripten.ts';
import type { FittedModel, Learner, Rows } from './learner.ts';
import { optionalPackage } from './optional-package.ts';

const TARGET = 'target';
/** Estimated size of a node, as the library reports none: a column, a threshold or value, and a branch. */
const NODE_BYTES = 8;

type Columns = Readonly<Record<string, readonly (number | string)[]>>;

/** The part of the ydf-training API that is used here. */
interface YdfModel {
  predict(columns: Columns): readonly number[];
  getLabelClasses(): readonly string[];
  describe(): string;
  unload(): void;
}

interface Ydf {
  readonly RandomForestLearner: new (
    label: string,
    task: 'REGRESSION' | 'CLASSIFICATION',
  ) => {
    train(columns: Columns): YdfModel;
  };
}

type Load = (options: Readonly<Record<'print' | 'printErr', () => void>>) => Promise<Ydf>;

/**
 * A random forest by Yggdrasil Decision Forests with its default options: 300 trees with a depth of up to 16, each trained
 * on a bootstrap sample with a random subset of features at each node. Class probabilities are shares of votes.
 *
 * @throws UserError `missing-package`
 */
export async function createForestLearner(): Promise<Learner> {
  const ydf = await loadEmscripten(() => {
    const load = optionalPackage('ydf-training') as Load;
    return load({ print() {}, printErr() {} });
  });
  return {
    regress(rows, targets) {
      const learner = new ydf.RandomForestLearner(TARGET, 'REGRESSION');
      const model = learner.train({ ...columnsOf(rows), [TARGET]: [...targets] });
      return fittedModel(model, (predicted) => Float64Array.from(predicted));
    },
    classify(rows, classes) {
      const learner = new ydf.RandomForestLearner(TARGET, 'CLASSIFICATION');
      const model = learner.train({ ...columnsOf(rows), [TARGET]: [...classes].map(String) });
      const order = model.getLabelClasses().map(Number);
      return fittedModel(model, (predicted) => inOrder(predicted, order));
    },
  };
}

/** Reorders probabilities by class. For two classes the library returns only that of the second. */
function inOrder(predicted: readonly number[], order: readonly number[]): Float64Array {
  const [first, second] = order;
  if (order.length === 2) {
    const out = new Float64Array(4 * predicted.length);
    for (const [i, p] of predicted.entries()) {
      out[4 * i + first!] = 1 - p;
      out[4 * i + second!] = p;
    }
    return out;
  }
  const out = new Float64Array((4 * predicted.length) / order.length);
  for (const [i, p] of predicted.entries())
    out[4 * Math.floor(i / order.length) + order[i % order.length]!] = p;
  return out;
}

function fittedModel(model: YdfModel, read: (predicted: readonly number[]) => Float64Array): FittedModel {
  const nodes = Number(/Total number of nodes: (\d+)/.exec(model.describe())?.[1]);
  return {
    predict: (rows) => read(model.predict(columnsOf(rows))),
    parameters: 2 * nodes,
    bytes: NODE_BYTES * nodes,
    free: () => model.unload(),
  };
}

function columnsOf({ width, values }: Rows): Columns {
  const n = values.length / width;
  return Object.fromEntries(
    Array.from({ length: width }, (_, column) => [
      `f${column}`,
      Array.from({ length: n }, (_, i) => values[i * width + column]!),
    ]),
  );
}
