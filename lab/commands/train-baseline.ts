import type { Progress } from '../../src/commands/progress.ts';
import type { BaselineName } from '../../src/model/kinds/baselines/systems.ts';
import { OWN_RECIPE, type RecipeName } from '../baselines/recipes.ts';
import { type BaselineEvent, type TrainBaselineRequest, trainBaseline } from '../baselines/train-baseline.ts';

/** Trains a baseline and prints its progress. */
export async function runBaselineTraining(
  request: Omit<TrainBaselineRequest, 'onEvent' | 'recipe'> & {
    readonly recipe?: RecipeName | undefined;
    readonly progress: Progress;
  },
): Promise<void> {
  const { progress, out, system, dataset } = request;
  const recipe = request.recipe ?? OWN_RECIPE[system satisfies BaselineName];
  await trainBaseline({ ...request, recipe, onEvent: (event) => printEvent(event, progress) });
  progress.end();
  console.log(
    `\nWrote the model to ${out}. To evaluate it: undertone evaluate --data ${dataset.folders.join(' ')} --model ${out}`,
  );
}

function printEvent(event: BaselineEvent, progress: Progress): void {
  switch (event.type) {
    case 'begin': {
      const { train, validation, 'held-out': heldOut } = event.clips;
      progress.print(
        `${event.system} by the recipe ${event.recipe}: ${train} training clips, ${validation} validation clips, ${heldOut} held-out clips; no artist is in two parts. Engine: ${event.engine}. Seed ${event.seed}.`,
      );
      break;
    }
    case 'extracted':
      if (event.clips === 1) progress.begin('Extracting', event.of);
      progress.to(event.clips);
      break;
    case 'epoch': {
      const { epoch, loss, validation, seconds, best } = event;
      const { valence, arousal } = validation;
      const rmse = `RMSE valence ${valence.rmse.toFixed(4)} arousal ${arousal.rmse.toFixed(4)}`;
      const ccc = `CCC ${valence.ccc.toFixed(3)} ${arousal.ccc.toFixed(3)}`;
      progress.print(
        `epoch ${epoch}: loss ${loss.toFixed(4)}, validation ${rmse}, ${ccc}, ${seconds.toFixed(1)} s${best ? ' *' : ''}`,
      );
      break;
    }
    case 'done':
      progress.print(`Using the weights of epoch ${event.bestEpoch}.`);
  }
}
