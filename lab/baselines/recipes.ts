import type { BaselineName } from '../../src/model/kinds/baselines/systems.ts';
import { UserError } from '../../src/user-error.ts';
import type { ScheduleOptions } from '../train/schedule.ts';

/**
 * A named way to train, for any baseline. Stored predictions depend on the recipes to the letter, `about` included:
 * changing a text retrains the system.
 */
export interface Recipe extends ScheduleOptions {
  /** Source, and which values are our own choice. */
  readonly about: string;
  /** Maximum number of epochs. */
  readonly epochs: number;
  /** Epochs without improvement on validation after which training stops; the best weights are kept. */
  readonly patience: number;
  /** Batch size in clips; in single steps for networks without state. */
  readonly streams: number;
  /** Steps of each clip in an epoch, from a random start. */
  readonly steps: number;
  /** The same for networks without state: random single steps, because labels barely change within a clip. */
  readonly singles: number;
  /** Dropout rate, 0 … 1. */
  readonly dropout: number;
  /** Weight of the L2 penalty (half the squared kernels) in the loss. */
  readonly l2: number;
  /** Weight decay per batch, multiplied by the learning rate. */
  readonly decay: number;
  /** Maximum norm of the gradient. */
  readonly maxNorm: number;
  /** Number of augmented variants of each clip: changed speed and pitch, added noise. */
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

/** Default recipe of each system. */
export const OWN_RECIPE: Readonly<Record<BaselineName, RecipeName>> = {
  'seed-a': 'paper-a',
  'seed-a-carried': 'a-carried',
  'seed-b': 'paper-b',
  'seed-b-transformer': 'b-transformer',
  'seed-c': 'paper-c',
  cnn: 'paper-c',
  lstm: 'paper-c',
};

/** @throws UserError `unknown-recipe` that lists the known names */
export function recipeNamed(name: string): Recipe {
  if (RECIPE_NAMES.includes(name as RecipeName)) return RECIPES[name as RecipeName];
  throw new UserError(
    'unknown-recipe',
    `There is no recipe "${name}"; choose one of ${RECIPE_NAMES.join(', ')}.`,
  );
}
