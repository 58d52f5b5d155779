/** Two networks of LSTM over the frames of each clip, one for each axis: system A. */
export interface ClipLstmConfig {
  readonly architecture: 'clip-lstm';
  readonly hidden: number;
  /** Whether memory goes on from clip to clip; where not, each clip is heard as if it were the first. */
  readonly carried: boolean;
}

/** LSTM over steps, from means and standard deviations of the bands: system B, and C's LSTM alone. */
export interface StatisticsLstmConfig {
  readonly architecture: 'statistics-lstm';
  readonly hidden: number;
  readonly layers: 1 | 2;
  /** Networks that share no weights: 2 is one for each axis, 1 says both. */
  readonly modules: 1 | 2;
  /** Whether it says classes too. */
  readonly classes: boolean;
}

/** A BERT-like encoder over the sequence of clips, each of which sees those before it: system B′. */
export interface TransformerConfig {
  readonly architecture: 'transformer';
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Width between the two dense layers of a block. */
  readonly inner: number;
  /** Steps that are remembered: 32 are 16 s. */
  readonly past: number;
}

/** Convolutions over each clip, then an LSTM over the steps: system C; and without the LSTM C's CNN alone. */
export interface CnnConfig {
  readonly architecture: 'cnn';
  /** Of each block of convolution and pooling. */
  readonly channels: readonly [number, number, number];
  /** Width of the dense layer behind them. */
  readonly features: number;
  /** Units of the LSTM; 0: none, and no memory. */
  readonly hidden: number;
}

/** What a set of weights was made for. It is stored beside them and checked when they are loaded. */
export type SeedConfig = ClipLstmConfig | StatisticsLstmConfig | TransformerConfig | CnnConfig;

/** The networks of the literature that undertone began from, by the names that models and comparisons know them by. */
export const SEED_NAMES = [
  'seed-a',
  'seed-a-carried',
  'seed-b',
  'seed-b-transformer',
  'seed-c',
  'cnn',
  'lstm',
] as const;
export type SeedName = (typeof SEED_NAMES)[number];

export const SEED_CONFIGS: Readonly<Record<SeedName, SeedConfig>> = {
  'seed-a': { architecture: 'clip-lstm', hidden: 20, carried: false },
  'seed-a-carried': { architecture: 'clip-lstm', hidden: 20, carried: true },
  'seed-b': { architecture: 'statistics-lstm', hidden: 64, layers: 2, modules: 2, classes: false },
  'seed-b-transformer': {
    architecture: 'transformer',
    width: 64,
    layers: 2,
    heads: 4,
    inner: 128,
    past: 32,
  },
  'seed-c': { architecture: 'cnn', channels: [16, 32, 48], features: 64, hidden: 64 },
  cnn: { architecture: 'cnn', channels: [16, 32, 48], features: 64, hidden: 0 },
  lstm: { architecture: 'statistics-lstm', hidden: 64, layers: 1, modules: 1, classes: true },
};
