import { createHash } from 'node:crypto';
import type { Engine } from '../../src/model/engine.ts';
import type { Weights } from '../../src/model/weights.ts';
import { UserError } from '../../src/user-error.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Part } from '../datasets/split.ts';
import { choiceScore, scoresOf } from '../evaluate/score.ts';
import { type Best, type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import type { Example } from './example.ts';
import { Fit } from './fit.ts';
import { memberOptions } from './fit-ensemble.ts';
import type { TrainOptions } from './options.ts';
import type { Predicted } from './predict.ts';
import { interrupted } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';
import { type Sequence, SequenceMaker, wholeClip } from './sequence.ts';
import type { EpochEvent } from './train-event.ts';

export interface EarlyStoppingRequest {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly options: TrainOptions;
  /** Folder of the run. */
  readonly out: string;
  readonly parts: Readonly<Record<Part, readonly Example[]>>;
  /** The part `train`, with soft targets if there are teachers. */
  readonly examples: readonly Example[];
  readonly validation: readonly Sequence[];
  readonly run: (weights: Weights, sequences: readonly Sequence[]) => Predicted[];
  readonly record: RunRecord;
  /** The state to resume from. */
  readonly checkpoint?: Checkpoint;
  readonly signal?: AbortSignal;
  /** Weights of the ensemble members that are finished; this trains the next one. */
  readonly finished: readonly Weights[];
}

/**
 * Trains one ensemble member until the validation score has not improved for `patience` epochs and returns the weights
 * of the best epoch. Writes the record and a checkpoint after each epoch.
 *
 * @throws UserError `stopped` if `signal` aborted it; `bad-checkpoint` if the checkpoint is from other music
 */
export async function fitWithEarlyStopping(request: EarlyStoppingRequest): Promise<Best> {
  const { dataset, engine, out, parts, examples, validation, run, record, checkpoint, signal, finished } =
    request;
  const options = memberOptions(request.options, finished.length);
  const fingerprint = fingerprintOf([...examples, ...parts.validation]);
  if (checkpoint && checkpoint.examples !== fingerprint) throw otherMusic(out);
  const fit = new Fit(engine.tf, examples, options);
  const trainSample = sampleOf(parts.train, validation.length);
  let best = checkpoint?.best;
  let epoch = 0;
  try {
    if (checkpoint) fit.state = checkpoint.fit;
    epoch = fit.epochs;
    while (epoch < options.epochs && !(best && epoch - best.epoch >= options.patience)) {
      const began = performance.now();
      const loss = await fit.epoch(signal);
      if (loss === undefined) throw interrupted({ out, epoch, epochs: options.epochs });
      epoch = fit.epochs;
      const { weights, learningRate } = fit;
      const scores = scoresOf(run(weights, validation));
      const choice = choiceScore(scores);
      fit.updateSchedule(choice);
      const better = !best || choice > best.choice;
      if (better) best = { weights, epoch, choice };
      const event: EpochEvent = {
        type: 'epoch',
        epoch,
        ...(request.options.network.members > 1 ? { member: finished.length + 1 } : {}),
        loss,
        learningRate,
        train: scoresOf(run(weights, trainSample)),
        validation: scores,
        choice,
        best: better,
        seconds: (performance.now() - began) / 1000,
      };
      record.add(event);
      await record.write();
      await writeCheckpoint(out, {
        options: request.options,
        finished,
        data: dataset.folders,
        examples: fingerprint,
        engine: engine.description,
        log: record.log,
        best: best!,
        fit: fit.state,
      });
    }
  } finally {
    fit.dispose();
  }
  return best!;
}

/** `count` training clips, evenly spaced over all, to compare the scores on them with those in validation. */
function sampleOf(examples: readonly Example[], count: number): Sequence[] {
  const maker = new SequenceMaker();
  const n = Math.min(count, examples.length);
  return Array.from({ length: n }, (_, i) =>
    maker.make([wholeClip(examples[Math.floor((i * examples.length) / n)]!)]),
  );
}

/** A hash of clips and targets, in their order. */
function fingerprintOf(examples: readonly Example[]): string {
  const hash = createHash('sha256');
  for (const { clip, steps, labels, tags, variants, softTargets } of examples) {
    hash.update(`${clip.file}/${steps}/${variants?.length ?? 0}`);
    for (const { buffer, byteOffset, byteLength } of [labels, tags, softTargets ?? []] as Float32Array[]) {
      if (byteLength) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest('hex');
}

function otherMusic(out: string): UserError {
  return new UserError(
    'bad-checkpoint',
    `The training in ${out} was started with other music; pass the same folders to --data, or start again with another --out.`,
  );
}
