import type { Learned, Learner, Rows } from './learner.ts';
import { loadEmscripten, optionalPackage } from './optional-package.ts';

const TARGET = 'target';
/** A node as a table has it, where the library gives no size: a column, a threshold or a value, its other branch. */
const NODE_BYTES = 8;

type Columns = Readonly<Record<string, readonly (number | string)[]>>;

/** As much of ydf-training as is used here. */
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
 * A random forest by Yggdrasil Decision Forests as it comes: 300 trees of depth 16 at most, each grown on a bootstrap
 * sample, each node choosing among a random part of the features. Probabilities of classes are shares of votes.
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
      return learned(model, (said) => Float64Array.from(said));
    },
    classify(rows, classes) {
      const learner = new ydf.RandomForestLearner(TARGET, 'CLASSIFICATION');
      const model = learner.train({ ...columnsOf(rows), [TARGET]: [...classes].map(String) });
      const order = model.getLabelClasses().map(Number);
      return learned(model, (said) => inOrder(said, order));
    },
  };
}

/** Of two classes it gives the probability of the second alone. */
function inOrder(said: readonly number[], order: readonly number[]): Float64Array {
  const [first, second] = order;
  if (order.length === 2) {
    const out = new Float64Array(4 * said.length);
    for (const [i, p] of said.entries()) {
      out[4 * i + first!] = 1 - p;
      out[4 * i + second!] = p;
    }
    return out;
  }
  const out = new Float64Array((4 * said.length) / order.length);
  for (const [i, p] of said.entries()) out[4 * Math.floor(i / order.length) + order[i % order.length]!] = p;
  return out;
}

function learned(model: YdfModel, read: (said: readonly number[]) => Float64Array): Learned {
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
