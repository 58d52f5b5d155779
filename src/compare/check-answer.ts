import { FORECAST_HORIZONS } from '../types.ts';
import type { LabelledClip } from './labelled-clips.ts';
import type { FoldAnswer } from './system.ts';
import { SCHEMES } from './system.ts';

/** Of both axes, for each horizon. */
const CHANGES = 2 * FORECAST_HORIZONS.length;

/**
 * Says no to an answer that is not one, before any score is made of it.
 *
 * @param judged the clips that were to be answered for
 * @throws Error with a sentence of what is wrong
 */
export function checkAnswer(answer: FoldAnswer, judged: readonly LabelledClip[]): void {
  const expected = judged.flatMap(({ clip, steps }) => steps.map((step) => ({ file: clip.file, step })));
  const { steps, classes, changes } = answer;
  if (steps.length !== expected.length)
    throw new Error(`it answered for ${steps.length} steps where ${expected.length} have a label`);
  for (const [i, { file, step }] of expected.entries()) {
    const { file: of, t, label, said, sd } = steps[i]!;
    const place = `${of} at ${t} s`;
    if (of !== file || t !== step.t)
      throw new Error(`it answered for ${place} where ${file} at ${step.t} s is due`);
    if (label.valence !== step.valence || label.arousal !== step.arousal)
      throw new Error(`it was judged by another label than listeners gave ${place}`);
    if (![said.valence, said.arousal].every(Number.isFinite))
      throw new Error(`it said no number of ${place}`);
    if (![sd.valence, sd.arousal].every((x) => Number.isFinite(x) && x > 0))
      throw new Error(`its standard deviation of ${place} is none`);
  }
  if (changes && (changes.length !== CHANGES * steps.length || !changes.every(Number.isFinite)))
    throw new Error(`the changes that it expects are not ${steps.length} times ${CHANGES} numbers`);
  if (!classes) return;
  for (const scheme of SCHEMES) {
    const values = classes[scheme];
    if (values.length !== 4 * steps.length || !values.every((p) => p >= 0 && p <= 1 + 1e-5))
      throw new Error(`what it says of the four ${scheme} are not ${steps.length} times four probabilities`);
  }
}
