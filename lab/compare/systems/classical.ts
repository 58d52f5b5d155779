import { SUMMARY_LENGTH } from '../../../src/model/summary.ts';
import { classicalSystem } from '../classical/classical-system.ts';
import { clipFeatures, clipStatistics } from '../classical/clip-features.ts';
import { createTreeLearner } from '../classical/decision-tree.ts';
import { createForestLearner } from '../classical/random-forest.ts';
import { createRidge } from '../classical/ridge.ts';
import { STEP_FEATURES } from '../classical/step-features.ts';
import { createSvmLearner } from '../classical/support-vectors.ts';
import type { System } from '../system.ts';

const linear = classicalSystem({
  name: 'linear',
  title: 'linear regression',
  about: 'Ridge regression on statistics of each mel band over the last 0.5 s and 3 s and on pulse strength.',
  version: '1',
  extract: clipStatistics,
  width: SUMMARY_LENGTH,
  stepsPerClip: 4,
  createLearner: ({ brief }) => createRidge(brief && [1]),
});

const FEATURES =
  'RMS, zero crossings, MFCC, chroma, spectral features and entropy, over the last 0.5 s and 3 s';

const svm = classicalSystem({
  name: 'svm',
  title: 'SVM',
  about: `Support vector machine (LIBSVM, Gaussian kernel) on ${FEATURES}.`,
  version: '1',
  extract: clipFeatures,
  width: STEP_FEATURES.length,
  stepsPerClip: 2,
  createLearner: createSvmLearner,
});

const tree = classicalSystem({
  name: 'tree',
  title: 'decision tree',
  about: `A decision tree (CART, depth 6) on ${FEATURES}.`,
  version: '1',
  extract: clipFeatures,
  width: STEP_FEATURES.length,
  stepsPerClip: 1, // ml-cart takes four times as long for twice as many
  createLearner: createTreeLearner,
});

const forest = classicalSystem({
  name: 'forest',
  title: 'random forest',
  about: `A random forest (Yggdrasil, 300 trees) on ${FEATURES}.`,
  version: '1',
  extract: clipFeatures,
  width: STEP_FEATURES.length,
  stepsPerClip: 2,
  createLearner: createForestLearner,
});

/** The classical methods that the literature compares its networks with. */
export const CLASSICAL_SYSTEMS: readonly System[] = [linear, svm, tree, forest];
