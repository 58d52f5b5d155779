import type { Progress } from '../../src/commands/progress.ts';
import type { BaselineName } from '../../src/model/kinds/baselines/systems.ts';
import { OWN_RECIPE, type RecipeName } from '../baselines/recipes.ts';
import { type SeedEvent, type TrainSeedRequest, trainSeed } from '../baselines/train-baseline.ts';

/** Trains a system of the literature and tells how it goes. */
export async function runSeedTraining(
  request: Omit<TrainSeedRequest, 'onEvent' | 'recipe'> & {
    readonly recipe?: RecipeName | undefined;
    readonly progress: Progress;
  },
): Promise<void> {
  const { progress, out, system, dataset } = request;
  const recipe = request.recipe ?? OWN_RECIPE[system satisfies BaselineName];
  await trainSeed({ ...request, recipe, onEvent: (event) => tell(event, progress) });
  progress.end();
  console.log(
    `\nWrote the model to ${out}. Try it: undertone evaluate --data ${dataset.folders.join(' ')} --model ${out}`,
  );
}

function tell(event: SeedEvent, progress: Progress): void {
  switch (event.type) {
    case 'begin': {
      const { train, validation, 'held-out': heldOut } = event.clips;
      progress.print(
        `${event.system} by the recipe ${event.recipe}: ${train} clips to learn from, ${validation} to end by, ${heldOut} held out; no artist is in two of these. Engine: ${event.engine}. Seed ${event.seed}.`,
      );
      break;
    }
    case 'heard':
      if (event.clips === 1) progress.begin('Listening', event.of);
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
      progress.print(`Kept the weights of epoch ${event.bestEpoch}.`);
  }
}
