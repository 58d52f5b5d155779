import { CLIP_BANDS, CLIP_FRAMES } from '../../../stream/clip-mel.ts';
import type { CnnConfig, SeedConfig, TransformerConfig } from './systems.ts';

/** Two times four classes: the quadrants, then the words, as logits. */
export const CLASS_LOGITS = 8;
export const CLIP_LENGTH = CLIP_FRAMES * CLIP_BANDS;

type Shapes = Record<string, readonly number[]>;

/** Every array of a network by name. `input/*` are measured on the training data, the rest is learned. */
export function seedShapes(config: SeedConfig): Shapes {
  switch (config.architecture) {
    case 'clip-lstm':
      return {
        ...lstmShapes('lstm-1', 2, CLIP_BANDS, config.hidden),
        ...lstmShapes('lstm-2', 2, config.hidden, config.hidden),
        ...headShapes(2, config.hidden, false),
      };
    case 'statistics-lstm': {
      const { modules, hidden, layers, classes } = config;
      return {
        'input/mean': [2 * CLIP_BANDS],
        'input/scale': [2 * CLIP_BANDS],
        ...lstmShapes('lstm-1', modules, 2 * CLIP_BANDS, hidden),
        ...(layers === 2 ? lstmShapes('lstm-2', modules, hidden, hidden) : {}),
        ...headShapes(modules, hidden, classes),
      };
    }
    case 'transformer':
      return transformerShapes(config);
    case 'cnn':
      return cnnShapes(config);
  }
}

/** What a stream remembers, by name: the length of each array. */
export function memoryLengths(config: SeedConfig): Readonly<Record<string, number>> {
  const lstm = (layers: number, length: number): Record<string, number> =>
    layers === 1 ? { h1: length, c1: length } : { h1: length, c1: length, h2: length, c2: length };
  switch (config.architecture) {
    case 'clip-lstm':
      return config.carried ? lstm(2, 2 * config.hidden) : {};
    case 'statistics-lstm':
      return lstm(config.layers, config.modules * config.hidden);
    case 'transformer':
      return { past: config.past * config.width, heard: 1 };
    case 'cnn':
      return config.hidden > 0 ? lstm(1, config.hidden) : {};
  }
}

/** Gates in the order input, forget, output, cell. */
function lstmShapes(name: string, modules: number, inputs: number, hidden: number): Shapes {
  return {
    [`${name}/input-kernel`]: [modules, inputs, 4 * hidden],
    [`${name}/hidden-kernel`]: [modules, hidden, 4 * hidden],
    [`${name}/bias`]: [modules, 1, 4 * hidden],
  };
}

/** One number of each of two modules, or both of one; classes are said by one alone. */
function headShapes(modules: number, inputs: number, classes: boolean): Shapes {
  return {
    'emotion/kernel': [modules, inputs, 2 / modules],
    'emotion/bias': [modules, 1, 2 / modules],
    ...(classes ? { 'classes/kernel': [1, inputs, CLASS_LOGITS], 'classes/bias': [1, 1, CLASS_LOGITS] } : {}),
  };
}

function transformerShapes({ width, layers, inner, past }: TransformerConfig): Shapes {
  const dense = (name: string, inputs: number, outputs: number): Shapes => ({
    [`${name}/kernel`]: [inputs, outputs],
    [`${name}/bias`]: [outputs],
  });
  const norm = (name: string): Shapes => ({ [`${name}/gain-bias`]: [width], [`${name}/bias`]: [width] });
  const block = (i: number): Shapes => ({
    ...dense(`block-${i}/attention-in`, width, 3 * width), // queries, keys, values
    ...dense(`block-${i}/attention-out`, width, width),
    ...norm(`block-${i}/norm-1`),
    ...dense(`block-${i}/inner`, width, inner),
    ...dense(`block-${i}/outer`, inner, width),
    ...norm(`block-${i}/norm-2`),
  });
  const blocks = Array.from({ length: layers }, (_, i) => block(i + 1));
  return {
    'input/mean': [CLIP_BANDS],
    'input/scale': [CLIP_BANDS],
    ...dense('embed', CLIP_LENGTH, width),
    'position/bias': [past, width],
    ...norm('embed-norm'),
    ...Object.assign({}, ...blocks),
    ...headShapes(1, width, false),
  };
}

function cnnShapes({ channels: [a, b, c], features, hidden }: CnnConfig): Shapes {
  return {
    'input/mean': [CLIP_BANDS],
    'input/scale': [CLIP_BANDS],
    'convolution-1/kernel': [5, 5, 1, a],
    'convolution-1/bias': [a],
    'convolution-2/kernel': [3, 3, a, b],
    'convolution-2/bias': [b],
    'convolution-3/kernel': [3, 3, b, c],
    'convolution-3/bias': [c],
    'dense/kernel': [FEATURE_BANDS * c, features],
    'dense/bias': [features],
    ...(hidden > 0 ? lstmShapes('lstm-1', 1, features, hidden) : {}),
    ...headShapes(1, hidden || features, true),
  };
}

/** Bands that are left of 128 behind a stride of two and three poolings. */
export const FEATURE_BANDS = 8;
