import { labeledClips } from '../../../lab/compare/labeled-clips.ts';
import type { FoldTask, System } from '../../../lab/compare/system.ts';

export interface FakeSystem extends System {
  /** Names of the folds that it predicted. */
  readonly folds: string[];
}

/**
 * A system that predicts the label of each step plus or minus `error`.
 *
 * @param onPredict called before each prediction
 * @param fields override those of the system
 */
export function fakeSystem(
  name: string,
  error: number,
  onPredict: (task: FoldTask) => void = () => {},
  fields: Partial<System> = {},
): FakeSystem {
  const folds: string[] = [];
  return {
    name,
    title: name,
    about: `Has an error of ${error}.`,
    version: '1',
    folds,
    async predict(task) {
      folds.push(task.fold.name);
      onPredict(task);
      if (task.signal.aborted) return undefined;
      const clips = (await labeledClips(task)).filter(({ clip }) => task.fold.isEvaluated(clip.song));
      const steps = clips.flatMap(({ clip, steps: labeled }) =>
        labeled.map(({ t, valence, arousal }, i) => {
          const by = i % 2 === 0 ? error : -error;
          return {
            ...{ song: clip.song.id, file: clip.file, t, label: { valence, arousal } },
            predicted: { valence: valence + by, arousal: arousal - by },
            sd: { valence: 0.2, arousal: 0.2 },
          };
        }),
      );
      return {
        steps,
        curve: [
          { epoch: 1, loss: 2, validation: 0.4 },
          { epoch: 2, loss: 1, validation: 0.3 },
        ],
        cost: { parameters: 1000, bytes: 4000, msPerStep: 0.5 },
      };
    },
    ...fields,
  };
}
