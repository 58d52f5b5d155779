import { Matrix } from 'ml-matrix';
import { type FittedModel, type Learner, type Rows, rowAt, rowCount } from './learner.ts';
import { optionalPackage } from './optional-package.ts';

/** Fixed in advance: a node at this depth, or with no more than this many steps, is not split. */
const OPTIONS = { maxDepth: 6, minNumSamples: 20 };

/** The part of the ml-cart API that is used here. */
interface Node {
  readonly left?: Node;
  readonly right?: Node;
  /** Leaves only: mean of the values, or shares of the classes up to the highest that occurs. */
  readonly distribution?: number | Matrix;
  classify(row: readonly number[]): number | Matrix;
}

interface Tree {
  readonly root: Node;
  train(rows: Matrix, targets: readonly number[]): void;
}

interface Cart {
  readonly DecisionTreeRegression: new (options: typeof OPTIONS) => Tree;
  readonly DecisionTreeClassifier: new (options: typeof OPTIONS) => Tree;
}

/** A single CART tree, split by squared error or Gini impurity. @throws UserError `missing-package` */
export function createTreeLearner(): Learner {
  const { DecisionTreeRegression, DecisionTreeClassifier } = optionalPackage('ml-cart') as Cart;
  return {
    regress(rows, targets) {
      const tree = new DecisionTreeRegression(OPTIONS);
      tree.train(matrixOf(rows), [...targets]);
      return fittedModel(tree, 1, (predicted, out) => out.set([predicted as number]));
    },
    classify(rows, classes) {
      const tree = new DecisionTreeClassifier(OPTIONS);
      tree.train(matrixOf(rows), [...classes]);
      return fittedModel(tree, 4, (predicted, out) => out.set((predicted as Matrix).to1DArray()));
    },
  };
}

function fittedModel(
  { root }: Tree,
  outputs: number,
  write: (predicted: number | Matrix, out: Float64Array) => void,
): FittedModel {
  const { nodes, leaves } = sizeOf(root);
  return {
    predict(rows) {
      const out = new Float64Array(rowCount(rows) * outputs);
      for (let i = 0; i < rowCount(rows); i++) {
        write(root.classify([...rowAt(rows, i)]), out.subarray(i * outputs, (i + 1) * outputs));
      }
      return out;
    },
    // A column and a threshold for each inner node, and the outputs of each leaf.
    parameters: 2 * (nodes - leaves) + outputs * leaves,
    bytes: Buffer.byteLength(JSON.stringify(root)),
    free() {},
  };
}

function sizeOf({ left, right }: Node): { nodes: number; leaves: number } {
  if (!left || !right) return { nodes: 1, leaves: 1 };
  const [a, b] = [sizeOf(left), sizeOf(right)];
  return { nodes: 1 + a.nodes + b.nodes, leaves: a.leaves + b.leaves };
}

function matrixOf(rows: Rows): Matrix {
  return new Matrix(Array.from({ length: rowCount(rows) }, (_, i) => [...rowAt(rows, i)]));
}
