import { FEATURE_COUNT } from './features.ts';
import type { Pruning } from './layers.ts';

/**
 * The pretrained taggers that are heard through, by the folder of their weights. They were trained on
 * different music and tags, and hear different things: together they tell emotions better than either.
 */
export const TAGGERS = ['musicnn', 'musicnn-mtt'] as const;

/** Every fourth and every third band: two taggers for the time of one (docs/model-journal.md). */
export const PRUNING: Pruning = { timbralStride: 4, temporalStride: 3 };

/** Features of all taggers, one after another. */
export const MUSICNN_INPUTS: number = TAGGERS.length * FEATURE_COUNT;
