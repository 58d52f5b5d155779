import type { BaselineName } from '../../src/model/kinds/baselines/systems.ts';
import { UserError } from '../../src/user-error.ts';
import type { ScheduleOptions } from '../train/schedule.ts';

/** A way of training that can be asked for by name, of any system. */
export interface Recipe extends ScheduleOptions {
  /** Where it comes from, and what in it is ours. */
  readonly about: string;
  /** How often to go through the music, at most. */
  readonly epochs: number;
  /** Epochs without a better validation after which training ends; the best weights are kept. */
  readonly patience: number;
  /** Clips of music side by side in a batch; of a network without memory, single steps. */
  readonly streams: number;
  /** Steps of each clip that an epoch takes, from a random one on. */
  readonly steps: number;
  /** The same of a network without memory: single steps at random, as labels hardly move within a clip. */
  readonly singles: number;
  /** Share of features that is dropped. */
  readonly dropout: number;
  /** Weight of half the squared kernels in the loss. */
  readonly l2: number;
  /** Share of each kernel that is taken off per batch, times the learning rate. */
  readonly decay: number;
  /** Longest gradient. */
  readonly maxNorm: number;
  /** Altered renderings of each clip that are learned from besides itself: changed in speed, pitch, and with noise. */
  readonly soundVariants: number;
}

const PLAIN = {
  schedule: 'constant',
  warmUp: 0,
  stepEpochs: 10,
  stepFactor: 1,
  plateauEpochs: 5,
  plateauFactor: 0.5,
  l2: 0,
  decay: 0,
  maxNorm: 5,
  dropout: 0,
  soundVariants: 0,
  steps: 20,
  singles: 5,
} as const;

export const RECIPES = {
  'paper-a': {
    ...PLAIN,
    about:
      'Jhanji 2024: Adam, mean squared error, dropout 0.1. Batch, rate and stopping are ours: 256 clips, 0.003, patience 6.',
    epochs: 30,
    patience: 6,
    learningRate: 3e-3,
    streams: 256,
    dropout: 0.1,
  },
  'a-carried': {
    ...PLAIN,
    about:
      'paper-a for a memory that is carried on: up to 710 pieces of music side by side, step after step; the gradient ends with each clip, the memory does not.',
    epochs: 14,
    patience: 5,
    learningRate: 3e-3,
    streams: 710,
    dropout: 0.1,
  },
  'paper-b': {
    ...PLAIN,
    about:
      'Jayanthi & Ankireddy: Adam at its usual rate of 0.001, mean squared error. Batch and stopping are ours: 32 pieces of music, patience 8.',
    epochs: 40,
    patience: 8,
    learningRate: 1e-3,
    streams: 32,
  },
  'paper-b-transformer': {
    ...PLAIN,
    about: 'Jayanthi & Ankireddy, as planned there: Adam at 0.00001, batches of 8; BERT’s dropout of 0.1.',
    epochs: 40,
    patience: 8,
    learningRate: 1e-5,
    streams: 8,
    dropout: 0.1,
  },
  'b-transformer': {
    ...PLAIN,
    about:
      'What trains B′ in bearable time: AdamW at 0.0005 with a warm-up and half a cosine, batches of 32, dropout 0.1.',
    schedule: 'cosine',
    warmUp: 0.1,
    epochs: 20,
    patience: 8,
    learningRate: 5e-4,
    streams: 32,
    dropout: 0.1,
    decay: 0.05,
  },
  'paper-c': {
    ...PLAIN,
    about:
      'The CNN + LSTM paper: batches of 50, the rate times 0.9 every 10 epochs, L2, patience 5, changed speed and pitch and noise. Rate and strength of L2 are ours: 0.001 and 0.0001.',
    schedule: 'step',
    stepEpochs: 10,
    stepFactor: 0.9,
    epochs: 30,
    patience: 5,
    learningRate: 1e-3,
    streams: 50,
    steps: 10,
    l2: 1e-4,
    soundVariants: 2,
  },
} as const satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof RECIPES;
export const RECIPE_NAMES = Object.keys(RECIPES) as RecipeName[];

/** What each system is trained by where no other is asked for. */
export const OWN_RECIPE: Readonly<Record<BaselineName, RecipeName>> = {
  'seed-a': 'paper-a',
  'seed-a-carried': 'a-carried',
  'seed-b': 'paper-b',
  'seed-b-transformer': 'b-transformer',
  'seed-c': 'paper-c',
  cnn: 'paper-c',
  lstm: 'paper-c',
};

/** @throws UserError `unknown-recipe` with the names there are */
export function recipeNamed(name: string): Recipe {
  if (RECIPE_NAMES.includes(name as RecipeName)) return RECIPES[name as RecipeName];
  throw new UserError(
    'unknown-recipe',
    `There is no recipe "${name}"; choose one of ${RECIPE_NAMES.join(', ')}.`,
  );
}
