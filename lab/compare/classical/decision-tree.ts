import { Matrix } from 'ml-matrix';
import type { Learned, Learner } from './learner.ts';
import { type Rows, rowAt, rowCount } from './learner.ts';
import { optionalPackage } from './optional-package.ts';

/** Set beforehand: a leaf splits no more at this depth, or with no more steps than that. */
const OPTIONS = { maxDepth: 6, minNumSamples: 20 };

/** As much of ml-cart as is used here. */
interface Node {
  readonly left?: Node;
  readonly right?: Node;
  /** Of a leaf: mean of the values, or shares of the classes up to the highest that occurs there. */
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

/** One tree by CART: splits by squared error or by Gini impurity. @throws UserError `missing-package` */
export function createTreeLearner(): Learner {
  const { DecisionTreeRegression, DecisionTreeClassifier } = optionalPackage('ml-cart') as Cart;
  return {
    regress(rows, targets) {
      const tree = new DecisionTreeRegression(OPTIONS);
      tree.train(matrixOf(rows), [...targets]);
      return learned(tree, 1, (said, out) => out.set([said as number]));
    },
    classify(rows, classes) {
      const tree = new DecisionTreeClassifier(OPTIONS);
      tree.train(matrixOf(rows), [...classes]);
      return learned(tree, 4, (said, out) => out.set((said as Matrix).to1DArray()));
    },
  };
}

function learned(
  { root }: Tree,
  outputs: number,
  write: (said: number | Matrix, out: Float64Array) => void,
): Learned {
  const { nodes, leaves } = sizeOf(root);
  return {
    predict(rows) {
      const out = new Float64Array(rowCount(rows) * outputs);
      for (let i = 0; i < rowCount(rows); i++) {
        write(root.classify([...rowAt(rows, i)]), out.subarray(i * outputs, (i + 1) * outputs));
      }
      return out;
    },
    // A column and a threshold of each node, and what each leaf says.
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
