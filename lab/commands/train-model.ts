import type { Progress } from '../../src/commands/progress.ts';
import type { TrainOptions } from '../train/options.ts';
import { type TrainRequest, train } from '../train/train.ts';
import type { EpochEvent, FoldEvent, TrainEvent } from '../train/train-event.ts';

/** Trains a model and prints its progress. */
export async function runTraining(
  request: Omit<TrainRequest, 'onEvent'> & { readonly progress: Progress },
): Promise<void> {
  const { progress, out, options, dataset } = request;
  await train({ ...request, onEvent: (event) => printEvent(event, options, progress) });
  progress.end();
  console.log(
    `\nWrote the model to ${out}. To evaluate it: undertone evaluate --data ${dataset.folders.join(' ')} --model ${out}`,
  );
}

function printEvent(event: TrainEvent, { epochs, network }: TrainOptions, progress: Progress): void {
  switch (event.type) {
    case 'begin': {
      const { train: training, validation, 'held-out': heldOut } = event.clips;
      progress.print(
        `${training} training clips, ${validation} validation clips, ${heldOut} held-out clips; no artist is in two parts. Engine: ${event.engine}. Seed ${event.options.seed}.`,
      );
      break;
    }
    case 'resume':
      progress.print(`Resuming after epoch ${event.epoch}. Engine: ${event.engine}.`);
      if (event.warning) progress.print(event.warning);
      break;
    case 'extracted':
      if (event.clips === 1) progress.begin('Extracting', event.of);
      progress.to(event.clips);
      if (event.clips === event.of) progress.begin('Training ', epochs * network.members);
      break;
    case 'epoch':
      progress.to(((event.member ?? 1) - 1) * epochs + event.epoch);
      progress.print(epochLine(event));
      break;
    case 'fold':
      progress.print(foldLine(event));
      break;
    case 'refit':
      progress.print(
        `network ${event.member} of ${event.of} retrained with the validation songs: loss ${event.loss.toFixed(3)}, ${event.seconds.toFixed(1)} s`,
      );
      break;
    case 'boundary':
      progress.print(
        `boundaries between held-out songs: F1 ${event.f1.toFixed(3)}, precision ${event.precision.toFixed(3)}, recall ${event.recall.toFixed(3)}, median delay ${event.delay.toFixed(1)} s`,
      );
      break;
    case 'done':
      progress.print(`Using the weights of epoch ${event.bestEpoch}.`);
  }
}

function foldLine({ fold, of, scores: { valence, arousal }, seconds }: FoldEvent): string {
  const rmse = `RMSE valence ${valence.rmse.toFixed(4)} arousal ${arousal.rmse.toFixed(4)}`;
  return `intervals, fold ${fold} of ${of}: ${rmse}, ${seconds.toFixed(1)} s`;
}

function epochLine({
  epoch,
  member,
  loss,
  validation: { valence, arousal },
  seconds,
  best,
}: EpochEvent): string {
  const rmse = `RMSE valence ${valence.rmse.toFixed(4)} arousal ${arousal.rmse.toFixed(4)}`;
  const ccc = `CCC ${valence.ccc.toFixed(3)} ${arousal.ccc.toFixed(3)}`;
  return `${member ? `network ${member}, ` : ''}epoch ${epoch}: loss ${loss.toFixed(3)}, validation ${rmse}, ${ccc}, ${seconds.toFixed(1)} s${best ? ' *' : ''}`;
}
