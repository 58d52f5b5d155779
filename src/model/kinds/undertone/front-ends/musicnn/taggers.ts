import { FEATURE_COUNT } from './features.ts';
import type { Pruning } from './layers.ts';

/**
 * The pretrained taggers that are heard through, by the folder of their weights. They were trained on
 * different music and tags, and hear different things: together they tell emotions better than either.
 */
export const TAGGERS = ['musicnn', 'musicnn-mtt'] as const;

/**
 * How much of each front end is left out: two taggers for less than the time of one. Which parts may go was
 * measured on the features that remain (docs/model-journal.md); the second tagger minds frames less than bands.
 */
export const PRUNING: Readonly<Record<(typeof TAGGERS)[number], Pruning>> = {
  musicnn: { timbralStride: 2, temporalStride: 2, timeStride: 1, unsettledStride: 4 },
  'musicnn-mtt': { timbralStride: 2, temporalStride: 2, timeStride: 2, unsettledStride: 4 },
};

/** Features of all taggers, one after another. */
export const MUSICNN_INPUTS: number = TAGGERS.length * FEATURE_COUNT;
