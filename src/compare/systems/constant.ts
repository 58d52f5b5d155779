import type { JudgedStep } from '../../model/train/judged-steps.ts';
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

function constantSteps({ clip, steps }: LabelledClip, { mean, sd }: Spread): JudgedStep[] {
  return steps.map(({ t, valence, arousal }) => ({
    song: clip.song.id,
    file: clip.file,
    t,
    label: { valence, arousal },
    said: mean,
    sd,
  }));
}
