import { loadEmscripten } from '../../../src/util/emscripten.ts';
import { type FittedModel, type Learner, type Rows, rowAt, rowCount } from './learner.ts';
import { freshPackage } from './optional-package.ts';

/** Fixed in advance at the defaults of common libraries: cost 1, ε 0.1, and γ = 1 / number of features. */
const COST = 1;
const EPSILON = 0.1;
const CACHE_MB = 200;

/** The part of the libsvm-js API that is used here. */
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
 * LIBSVM: ε-SVR and C-SVC with a Gaussian kernel. Class probabilities come from pairwise Platt scaling, which splits the
 * training steps at random; they are overconfident, because steps of one clip are similar. Each learner loads LIBSVM again,
 * so that its random numbers restart and a repeated fold gives the same predictions.
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
      return fittedModel(svm, rows.width, 1, (sample, out) => out.set([svm.predictOne(sample)]));
    },
    classify(rows, classes) {
      const svm = new SVM({ ...options, type: SVM.SVM_TYPES.C_SVC, probabilityEstimates: true });
      svm.train(samplesOf(rows), [...classes]);
      return fittedModel(svm, rows.width, 4, (sample, out) => {
        for (const { label, probability } of svm.predictOneProbability(sample).estimates)
          out[label] = probability;
      });
    },
  };
}

function fittedModel(
  svm: Svm,
  width: number,
  outputs: number,
  write: (sample: Float32Array, out: Float64Array) => void,
): FittedModel {
  const vectors = svm.getSVIndices().length;
  return {
    predict(rows) {
      const out = new Float64Array(rowCount(rows) * outputs);
      for (let i = 0; i < rowCount(rows); i++) {
        write(rowAt(rows, i), out.subarray(i * outputs, (i + 1) * outputs));
      }
      return out;
    },
    // Each support vector, its weights (one less than classes), and an offset.
    parameters: vectors * (width + Math.max(1, outputs - 1)) + 1,
    bytes: Buffer.byteLength(svm.serializeModel()),
    free: () => svm.free(),
  };
}

function samplesOf(rows: Rows): Float32Array[] {
  return Array.from({ length: rowCount(rows) }, (_, i) => rowAt(rows, i));
}
