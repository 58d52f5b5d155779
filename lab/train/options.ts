import { FRONT_ENDS, type FrontEndName, INPUTS } from '../../src/model/kinds/undertone/front-ends/index.ts';
import { DEFAULT_NETWORK, type NetworkConfig } from '../../src/model/kinds/undertone/network.ts';
import type { AdamWOptions } from './adamw.ts';
import type { NoiseOptions } from './augment/noise.ts';
import type { SpectralOptions } from './augment/spectral.ts';
import type { VariantOptions } from './augment/speed-pitch.ts';
import type { TransitionOptions } from './augment/transition.ts';
import type { LossOptions } from './loss.ts';
import type { ScheduleOptions } from './schedule.ts';

/** `none`, or the front end of the teachers. */
export const TEACHERS = ['none', ...FRONT_ENDS] as const;
export type TeacherName = 'none' | FrontEndName;

interface DistillationOptions {
  /** Distillation: the front end of networks that are trained first; their predictions are soft targets. */
  readonly teacher: TeacherName;
  /** Folders of unlabeled music, which has soft targets only. */
  readonly unlabelled: readonly string[];
}

/**
 * How a network is trained. The options of each part are documented in the file that uses them; `config-file.ts`
 * validates the values.
 */
export interface TrainOptions
  extends LossOptions,
    ScheduleOptions,
    AdamWOptions,
    NoiseOptions,
    SpectralOptions,
    DistillationOptions,
    TransitionOptions,
    VariantOptions {
  readonly network: NetworkConfig;
  readonly seed: number;
  readonly epochs: number;
  /** Early stopping: epochs without a better validation score after which training ends. */
  readonly patience: number;
  /** Streams in a batch. */
  readonly streams: number;
  /** Steps of each stream: 60 are 30 s, several pieces of different clips. */
  readonly sequenceSteps: number;
  /** Shortest and longest piece of a clip, in steps. */
  readonly pieceSteps: readonly [number, number];
  /** Least and most pieces of the same clip in a row, so that the network learns to hold on to what it knows of a song. */
  readonly clipRepeats: readonly [number, number];
  /**
   * Importance weights: share of the covariance of valence and arousal that is removed by drawing clips in proportion
   * to their weight (`decorrelate.ts`). A list is for ensembles: its members take the numbers in turn.
   */
  readonly decorrelate: number | readonly number[];
  /**
   * Variants of each clip as another master would sound (`augment/mastering.ts`), for front ends whose features are
   * extracted once.
   */
  readonly masterings: number;
  /** Sequences of six songs on which the boundary detector is fitted; 0: the model has none. */
  readonly boundarySequences: number;
  /** Mixup: probability that a stream is mixed with another. */
  readonly mixChance: number;
  /** Weight averaging: share of the old mean in the running mean of the weights after each batch. */
  readonly averaging: number;
  /**
   * Number of folds, by artist, of the training and validation songs. Networks of the same kind are trained on all but
   * one fold to calibrate the intervals on out-of-fold predictions; 0 calibrates them on the validation songs.
   */
  readonly calibrationFolds: number;
  /**
   * Whether the network is trained again after the calibration, on the validation songs as well and for all epochs:
   * more training data for the cost of a second training.
   */
  readonly refit: boolean;
}

export const DEFAULT_TRAINING: TrainOptions = {
  network: DEFAULT_NETWORK,
  seed: 1,
  epochs: 60,
  patience: 20,
  streams: 16,
  sequenceSteps: 60,
  pieceSteps: [8, 20],
  clipRepeats: [1, 1],
  decorrelate: 0,
  masterings: 0,
  boundarySequences: 0,
  learningRate: 2e-3,
  schedule: 'cosine',
  warmUp: 0.1,
  stepEpochs: 10,
  stepFactor: 0.9,
  plateauEpochs: 5,
  plateauFactor: 0.5,
  decay: 0.02,
  l2: 0,
  maxNorm: 1,
  inputDropout: 0.3,
  dropout: 0.3,
  inputNoise: 0.1,
  steadyNoise: false,
  mixChance: 0.5,
  averaging: 0.99,
  calibrationFolds: 0,
  refit: false,
  gainDb: 3,
  tiltDb: 6,
  equaliserDb: 0,
  noiseChance: 0,
  noiseSnrDb: [10, 40],
  muteChance: 0.3,
  muteBands: 12,
  timeMaskChance: 0,
  timeMaskMs: 300,
  soundVariants: 0,
  speedPercent: 10,
  pitchCents: 200,
  passages: 0,
  passageGainDb: 6,
  speech: [],
  squaredWeight: 4,
  cccWeight: 0,
  tagWeight: 0.1,
  teacher: 'none',
  lessonWeight: 8,
  unlabelled: [],
};

/**
 * The default options for the audio transformer, in any form. Several pieces of the same clip follow one another, and
 * readings are running means: a network that is trained on short pieces forgets what it knew of a song. Other masters of the
 * clips keep it from learning how a collection was mastered.
 */
const CED_TRAINING = {
  ...DEFAULT_TRAINING,
  epochs: 12,
  patience: 12,
  sequenceSteps: 80,
  pieceSteps: [12, 20],
  clipRepeats: [1, 4],
  decorrelate: [0, 1],
  masterings: 1,
  boundarySequences: 160,
  steadyNoise: true,
  calibrationFolds: 5,
  refit: true,
  cccWeight: 2,
} satisfies TrainOptions;

/**
 * The networks behind it, one of which is trained under weights that make valence and arousal uncorrelated, and a kernel
 * regression.
 */
const CED_NETWORK = { ...DEFAULT_NETWORK, members: 2, landmarks: 1024, leastShare: 0.5 };

/** The default options for each front end. */
export const TRAINING: Readonly<Record<FrontEndName, TrainOptions>> = {
  mel: DEFAULT_TRAINING,
  ced: { ...CED_TRAINING, network: { ...CED_NETWORK, frontEnd: 'ced', inputs: INPUTS.ced } },
  'ced-streaming': {
    ...CED_TRAINING,
    network: { ...CED_NETWORK, frontEnd: 'ced-streaming', inputs: INPUTS['ced-streaming'] },
  },
  'ced-small': {
    ...CED_TRAINING,
    network: { ...CED_NETWORK, landmarks: 512, frontEnd: 'ced-small', inputs: INPUTS['ced-small'] },
  },
};
