import { FRONT_ENDS, type FrontEndName, INPUTS } from '../../src/model/kinds/undertone/front-ends/index.ts';
import { DEFAULT_NETWORK, type NetworkConfig } from '../../src/model/kinds/undertone/network.ts';
import type { AdamWOptions } from './adamw.ts';
import type { NoiseOptions } from './augment/noise.ts';
import type { PassageOptions } from './augment/passage.ts';
import type { ColourOptions } from './augment/spectral.ts';
import type { VariantOptions } from './augment/speed-pitch.ts';
import type { LossOptions } from './loss.ts';
import type { ScheduleOptions } from './schedule.ts';

/** How a network is trained. Each part of it is told where it is put to use; `config-file.ts` checks the values. */
export interface TrainOptions
  extends LossOptions,
    ScheduleOptions,
    AdamWOptions,
    NoiseOptions,
    ColourOptions,
    DistillOptions,
    PassageOptions,
    VariantOptions {
  readonly network: NetworkConfig;
  readonly seed: number;
  readonly epochs: number;
  /** Epochs without a better validation score after which training ends. */
  readonly patience: number;
  /** Streams side by side in a batch, and steps of each: 30 s, several pieces of different clips. */
  readonly streams: number;
  readonly sequenceSteps: number;
  /** Shortest and longest piece of a clip, in steps. */
  readonly pieceSteps: readonly [number, number];
  /** Mixup: chance of a stream to be mixed with another. */
  readonly mixChance: number;
  /** Share of the old in the running mean of weights after each batch; the mean is what is kept. */
  readonly averaging: number;
  /**
   * Folds of the songs that may be learned from, by artist, in which networks of the same kind are trained to
   * measure the intervals on songs they did not learn from; 0 measures them on the validation songs.
   */
  readonly calibrationFolds: number;
  /**
   * Whether, once intervals were measured on the validation songs, the network learns anew from those as
   * well, for as many epochs as it may: more music, at the price of a second training.
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
  changeWeight: 0.05,
  tagWeight: 0.1,
  teacher: 'none',
  lessonWeight: 8,
  unlabelled: [],
};

/** How a network is trained behind each front end. */
export const TRAINING: Readonly<Record<FrontEndName, TrainOptions>> = {
  mel: DEFAULT_TRAINING,
  patches: {
    ...DEFAULT_TRAINING,
    network: { ...DEFAULT_NETWORK, frontEnd: 'patches', inputs: INPUTS.patches },
    epochs: 16,
    patience: 16,
    streams: 32,
    sequenceSteps: 30,
    calibrationFolds: 5,
    refit: true,
    steadyNoise: true,
    cccWeight: 2,
  },
  musicnn: {
    ...DEFAULT_TRAINING,
    network: { ...DEFAULT_NETWORK, frontEnd: 'musicnn', inputs: INPUTS.musicnn, members: 5 },
    epochs: 10,
    patience: 10,
    streams: 32,
    sequenceSteps: 30,
    calibrationFolds: 5,
    refit: true,
    steadyNoise: true,
    passages: 1,
    cccWeight: 2,
  },
};

/** `none`, or the front end that the teachers hear through. */
export const TEACHERS = ['none', ...FRONT_ENDS] as const;
export type TeacherName = 'none' | FrontEndName;

export interface DistillOptions {
  /** Networks behind a dearer front end, trained first, whose opinions are learned beside the labels. */
  readonly teacher: TeacherName;
  /** Folders of music without labels: what the teachers say of it is all that is learned from it. */
  readonly unlabelled: readonly string[];
}
