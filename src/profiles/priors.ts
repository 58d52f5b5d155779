import type { Axis } from '../types.ts';
import type { ScalePrior } from './fit-scale.ts';

/**
 * How much scales differ, measured on listener groups that a model was not trained on (docs/profiles.md, "The prior").
 */
export const SCALE_PRIORS: Readonly<Record<Axis, ScalePrior>> = {
  valence: { offsetSd: 0.11, slopeSd: 0.3, noiseSd: 0.2 },
  arousal: { offsetSd: 0.11, slopeSd: 0.3, noiseSd: 0.2 },
};
