import type { ScoredStep } from '../../evaluate/scored-steps.ts';
import { type LabeledClip, labeledClips, meanAndSd, type Spread } from '../labeled-clips.ts';
import type { System } from '../system.ts';

/** Predicts the mean label: the reference that every system must beat. */
export const constant: System = {
  name: 'constant',
  title: 'constant',
  about: 'Always predicts the mean of the training labels, whatever the audio.',
  version: '1',
  async predict(task) {
    const clips = await labeledClips(task);
    const mean = meanAndSd(clips.filter(({ clip }) => task.fold.isTraining(clip.song)));
    const evaluated = clips.filter(({ clip }) => task.fold.isEvaluated(clip.song));
    return {
      steps: evaluated.flatMap((clip) => constantSteps(clip, mean)),
      cost: { parameters: 2, bytes: 8, msPerStep: 0 },
    };
  },
};

function constantSteps({ clip, steps }: LabeledClip, { mean, sd }: Spread): ScoredStep[] {
  return steps.map(({ t, valence, arousal }) => ({
    song: clip.song.id,
    file: clip.file,
    t,
    label: { valence, arousal },
    predicted: mean,
    sd,
  }));
}

/** Repeats the previous label: an oracle, because labels are not available in live use. */
export const persistence: System = {
  name: 'persistence',
  title: 'persistence (oracle)',
  about:
    'Repeats the label of the previous step, which is not available in live use: shows how little labels change from step to step.',
  version: '1',
  oracle: true,
  async predict(task) {
    const clips = await labeledClips(task);
    const training = clips.filter(({ clip }) => task.fold.isTraining(clip.song));
    const spread = meanAndSd(training);
    const changes = changesOf(training);
    const evaluated = clips.filter(({ clip }) => task.fold.isEvaluated(clip.song));
    return {
      steps: evaluated.flatMap((clip) => repeatedSteps(clip, spread, changes)),
      cost: { parameters: 2, bytes: 8, msPerStep: Number.NaN },
    };
  },
};

/** Predicts the label of the previous step, and the mean of the training labels for the first. */
function repeatedSteps({ clip, steps }: LabeledClip, spread: Spread, changes: Spread['sd']): ScoredStep[] {
  return steps.map(({ t, valence, arousal }, i) => {
    const before = steps[i - 1];
    return {
      song: clip.song.id,
      file: clip.file,
      t,
      label: { valence, arousal },
      predicted: before ? { valence: before.valence, arousal: before.arousal } : spread.mean,
      sd: before ? changes : spread.sd,
    };
  });
}

/** RMSE of repeating the previous label, on the training songs. */
function changesOf(clips: readonly LabeledClip[]): Spread['sd'] {
  const pairs = clips.flatMap(({ steps }) => steps.slice(1).map((step, i) => [steps[i]!, step] as const));
  const rms = (axis: 'valence' | 'arousal') =>
    Math.sqrt(pairs.reduce((sum, [a, b]) => sum + (b[axis] - a[axis]) ** 2, 0) / pairs.length) || 1e-6;
  return { valence: rms('valence'), arousal: rms('arousal') };
}
