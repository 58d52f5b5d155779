import type { Learned, Learner } from './learner.ts';
import { type Rows, rowAt, rowCount } from './learner.ts';
import { freshPackage, loadEmscripten } from './optional-package.ts';

/** Set beforehand, at what libraries have where nothing is said: cost 1, a tube of 0.1, a kernel as wide as there are features. */
const COST = 1;
const EPSILON = 0.1;
const CACHE_MB = 200;

/** As much of libsvm-js as is used here. */
interface Svm {
  train(samples: readonly ArrayLike<number>[], labels: readonly number[]): void;
  predictOne(sample: ArrayLike<number>): number;
  predictOneProbability(sample: ArrayLike<number>): {
    readonly estimates: readonly { readonly label: number; readonly probability: number }[];
  };
  getSVIndices(): readonly number[];
  serializeModel(): string;
  free(): void;
}

interface SvmClass {
  new (options: Readonly<Record<string, string | number | boolean>>): Svm;
  readonly SVM_TYPES: { readonly C_SVC: string; readonly EPSILON_SVR: string };
  readonly KERNEL_TYPES: { readonly RBF: string };
}

/**
 * LIBSVM: ε-SVR and C-SVC with a Gaussian kernel. Probabilities of classes come from pairwise scores by Platt's way,
 * which splits the steps at random within what is learned from: they err on the sure side. Each learner has LIBSVM to
 * itself, so that those random numbers begin anew with it and a fold that is done again says the same.
 *
 * @throws UserError `missing-package`
 */
export async function createSvmLearner(): Promise<Learner> {
  const SVM = await loadEmscripten(() => freshPackage('libsvm-js') as Promise<SvmClass>);
  const options = {
    kernel: SVM.KERNEL_TYPES.RBF,
    cost: COST,
    cacheSize: CACHE_MB,
    quiet: true,
  };
  return {
    regress(rows, targets) {
      const svm = new SVM({ ...options, type: SVM.SVM_TYPES.EPSILON_SVR, epsilon: EPSILON });
      svm.train(samplesOf(rows), [...targets]);
      return learned(svm, rows.width, 1, (sample, out) => out.set([svm.predictOne(sample)]));
    },
    classify(rows, classes) {
      const svm = new SVM({ ...options, type: SVM.SVM_TYPES.C_SVC, probabilityEstimates: true });
      svm.train(samplesOf(rows), [...classes]);
      return learned(svm, rows.width, 4, (sample, out) => {
        for (const { label, probability } of svm.predictOneProbability(sample).estimates)
          out[label] = probability;
      });
    },
  };
}

function learned(
  svm: Svm,
  width: number,
  outputs: number,
  write: (sample: Float32Array, out: Float64Array) => void,
): Learned {
  const vectors = svm.getSVIndices().length;
  return {
    predict(rows) {
      const out = new Float64Array(rowCount(rows) * outputs);
      for (let i = 0; i < rowCount(rows); i++) {
        write(rowAt(rows, i), out.subarray(i * outputs, (i + 1) * outputs));
      }
      return out;
    },
    // Each support vector and its weight, for one class less than there are; and an offset.
    parameters: vectors * (width + Math.max(1, outputs - 1)) + 1,
    bytes: Buffer.byteLength(svm.serializeModel()),
    free: () => svm.free(),
  };
}

function samplesOf(rows: Rows): Float32Array[] {
  return Array.from({ length: rowCount(rows) }, (_, i) => rowAt(rows, i));
}
