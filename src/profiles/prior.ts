import type { ScalePrior } from './fit-scale.ts';

/**
 * How much scales differ, on both axes: estimated by `npm run bench profile-curve` from groups of listeners and genres
 * that a model was not trained on (docs/profiles.md, "The prior").
 */
export const SCALE_PRIOR: ScalePrior = { offsetSd: 0.085, slopeSd: 0.095, noiseSd: 0.161 };
