import type { Forecaster } from './forecaster.ts';
import { autoregression } from './forecasters/autoregression.ts';
import { linearPairs } from './forecasters/linear-pairs.ts';
import { pairLstm } from './forecasters/pair-lstm.ts';
import { lastPair, ours } from './forecasters/persistence.ts';

/** In the order of the tables' rows. */
export const FORECASTERS: readonly Forecaster[] = [lastPair, linearPairs, autoregression, pairLstm, ours];
