import { SCHEMES } from '../evaluate/classes.ts';
import type { LabeledClip } from './labeled-clips.ts';
import type { FoldPrediction } from './system.ts';

/**
 * Rejects an incomplete or invalid prediction before any score is computed from it.
 *
 * @param evaluated the clips that the system had to predict
 * @throws Error with a sentence that names the problem
 */
export function checkPrediction(prediction: FoldPrediction, evaluated: readonly LabeledClip[]): void {
  const expected = evaluated.flatMap(({ clip, steps }) => steps.map((step) => ({ file: clip.file, step })));
  const { steps, classes } = prediction;
  if (steps.length !== expected.length)
    throw new Error(`it predicted ${steps.length} steps, but ${expected.length} have a label`);
  for (const [i, { file, step }] of expected.entries()) {
    const { file: of, t, label, predicted, sd } = steps[i]!;
    const place = `${of} at ${t} s`;
    if (of !== file || t !== step.t)
      throw new Error(`it predicted ${place}, but ${file} at ${step.t} s is next`);
    if (label.valence !== step.valence || label.arousal !== step.arousal)
      throw new Error(`its label of ${place} is not the label of the data set`);
    if (![predicted.valence, predicted.arousal].every(Number.isFinite))
      throw new Error(`its prediction of ${place} is not a number`);
    if (![sd.valence, sd.arousal].every((x) => Number.isFinite(x) && x > 0))
      throw new Error(`its standard deviation of ${place} is not a positive number`);
  }
  if (!classes) return;
  for (const scheme of SCHEMES) {
    const values = classes[scheme];
    if (values.length !== 4 * steps.length || !values.every((p) => p >= 0 && p <= 1 + 1e-5))
      throw new Error(`its classes of the four ${scheme} are not ${steps.length} times four probabilities`);
  }
}
