import type { ScoredStep } from '../../evaluate/scored-steps.ts';
import { type LabelledClip, labelledClips, meanAndSd, type Spread } from '../labelled-clips.ts';
import type { System } from '../system.ts';

export const constant: System = {
  name: 'constant',
  title: 'constant',
  about: 'Says the mean of the labels that it learned from, whatever is heard: what hearing nothing gives.',
  version: '1',
  async answer(task) {
    const clips = await labelledClips(task);
    const mean = meanAndSd(clips.filter(({ clip }) => task.fold.learns(clip.song)));
    const judged = clips.filter(({ clip }) => task.fold.judges(clip.song));
    return {
      steps: judged.flatMap((clip) => constantSteps(clip, mean)),
      cost: { parameters: 2, bytes: 8, msPerStep: 0 },
    };
  },
};

function constantSteps({ clip, steps }: LabelledClip, { mean, sd }: Spread): ScoredStep[] {
  return steps.map(({ t, valence, arousal }) => ({
    song: clip.song.id,
    file: clip.file,
    t,
    label: { valence, arousal },
    said: mean,
    sd,
  }));
}

export const persistence: System = {
  name: 'persistence',
  title: 'persistence (oracle)',
  about:
    'Says what listeners said half a second before, which nobody has in use: how little labels move from step to step.',
  version: '1',
  oracle: true,
  async answer(task) {
    const clips = await labelledClips(task);
    const learned = clips.filter(({ clip }) => task.fold.learns(clip.song));
    const spread = meanAndSd(learned);
    const moves = movesOf(learned);
    const judged = clips.filter(({ clip }) => task.fold.judges(clip.song));
    return {
      steps: judged.flatMap((clip) => repeated(clip, spread, moves)),
      cost: { parameters: 2, bytes: 8, msPerStep: Number.NaN },
    };
  },
};

/** The label of the step before; the constant where there is none. */
function repeated({ clip, steps }: LabelledClip, spread: Spread, moves: Spread['sd']): ScoredStep[] {
  return steps.map(({ t, valence, arousal }, i) => {
    const before = steps[i - 1];
    return {
      song: clip.song.id,
      file: clip.file,
      t,
      label: { valence, arousal },
      said: before ? { valence: before.valence, arousal: before.arousal } : spread.mean,
      sd: before ? moves : spread.sd,
    };
  });
}

/** RMSE of repeating the label before, on the songs that may be learned from. */
function movesOf(clips: readonly LabelledClip[]): Spread['sd'] {
  const pairs = clips.flatMap(({ steps }) => steps.slice(1).map((step, i) => [steps[i]!, step] as const));
  const rms = (axis: 'valence' | 'arousal') =>
    Math.sqrt(pairs.reduce((sum, [a, b]) => sum + (b[axis] - a[axis]) ** 2, 0) / pairs.length) || 1e-6;
  return { valence: rms('valence'), arousal: rms('arousal') };
}
