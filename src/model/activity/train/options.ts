import { SUMMARY_LENGTH } from '../../summary.ts';
import type { SpeechTraining } from './fit-speech.ts';

export interface ActivityTraining extends SpeechTraining {
  /** Scenes to learn from and to validate on, and steps of each. */
  readonly scenes: number;
  readonly validationScenes: number;
  readonly sceneSteps: number;
}

/** How the detector that comes with undertone was trained. */
export const ACTIVITY_TRAINING: ActivityTraining = {
  network: { inputs: SUMMARY_LENGTH, projection: 48, hidden: 24 },
  scenes: 1000,
  validationScenes: 120,
  sceneSteps: 96,
  epochs: 14,
  seed: 1,
  streams: 16,
  learningRate: 3e-3,
  decay: 1e-2,
  maxNorm: 1,
  noise: 0.15,
  dropout: 0.2,
  averaging: 0.98,
};
