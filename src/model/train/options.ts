import { DEFAULT_NETWORK, INPUTS, type NetworkConfig } from '../config.ts';
import type { FrontEndName } from '../front-end.ts';
import type { AugmentOptions } from './augment.ts';
import type { LossOptions } from './loss.ts';

export interface TrainOptions extends AugmentOptions, LossOptions {
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
  /** Highest learning rate: reached after the first `warmUp` share of all batches, then falling to 0 as a cosine. */
  readonly learningRate: number;
  readonly warmUp: number;
  readonly decay: number;
  readonly maxNorm: number;
  /** Shares of inputs and of features and memory that are dropped. */
  readonly inputDropout: number;
  readonly dropout: number;
  /** Standard deviation of noise on the standardised inputs. */
  readonly inputNoise: number;
  /**
   * Whether noise and what is dropped stay the same at all steps of a stream (Gal & Ghahramani 2016): noise
   * that changes from step to step is averaged out by the memory.
   */
  readonly steadyNoise: boolean;
  /** Mixup: chance of a stream to be mixed with another. */
  readonly mixChance: number;
  /** Share of the old in the running mean of weights after each batch; the mean is what is kept. */
  readonly averaging: number;
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
  warmUp: 0.1,
  decay: 0.02,
  maxNorm: 1,
  inputDropout: 0.3,
  dropout: 0.3,
  inputNoise: 0.1,
  steadyNoise: false,
  mixChance: 0.5,
  averaging: 0.99,
  gainDb: 3,
  tiltDb: 6,
  muteChance: 0.3,
  muteBands: 12,
  squaredWeight: 4,
  cccWeight: 0,
  changeWeight: 0.05,
  tagWeight: 0.1,
};

/** How a network is trained behind each front end. */
export const TRAINING: Readonly<Record<FrontEndName, TrainOptions>> = {
  mel: DEFAULT_TRAINING,
  musicnn: {
    ...DEFAULT_TRAINING,
    network: { ...DEFAULT_NETWORK, frontEnd: 'musicnn', inputs: INPUTS.musicnn },
    epochs: 12,
    patience: 12,
    steadyNoise: true,
    cccWeight: 1,
  },
};
