import { SUMMARY_LENGTH } from '../../model/summary.ts';
import { classicalSystem } from '../classical/classical-system.ts';
import { clipStatistics } from '../classical/clip-statistics.ts';
import { createRidge } from '../classical/ridge.ts';

export const linear = classicalSystem({
  name: 'linear',
  title: 'linear regression',
  about:
    'Linear regression with a penalty, on statistics of each mel band over the last 0.5 s and 3 s and the strength of pulses.',
  version: '1',
  hear: clipStatistics,
  width: SUMMARY_LENGTH,
  stepsPerClip: 4,
  createLearner: ({ brief }) => createRidge(brief && [1]),
});
