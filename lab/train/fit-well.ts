import { createHash } from 'node:crypto';
import type { Engine } from '../../src/model/engine.ts';
import type { Weights } from '../../src/model/weights.ts';
import { UserError } from '../../src/user-error.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Part } from '../datasets/split.ts';
import { choiceScore, scoresOf } from '../evaluate/score.ts';
import { type Best, type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import type { Example } from './examples.ts';
import { Fit } from './fit.ts';
import { memberOptions } from './fit-ensemble.ts';
import type { TrainOptions } from './options.ts';
import type { Predicted } from './predict.ts';
import { stopped } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';
import { type Sequence, SequenceMaker, wholeClip } from './sequence.ts';
import type { EpochEvent } from './train-event.ts';

export interface FitWellRequest {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly out: string;
  readonly parts: Readonly<Record<Part, readonly Example[]>>;
  /** The part `train`, with what teachers say of it. */
  readonly taught: readonly Example[];
  readonly validation: readonly Sequence[];
  readonly run: (weights: Weights, sequences: readonly Sequence[]) => Predicted[];
  readonly record: RunRecord;
  /** Of this fit, where it was stopped. */
  readonly checkpoint?: Checkpoint;
  readonly signal?: AbortSignal;
  /** Weights of the members that are done. */
  readonly finished: readonly Weights[];
}

/**
 * Epoch after epoch until nothing was gained for `patience` of them; gives back the weights that did best in
 * validation. After each epoch the record and a checkpoint are written.
 */
export async function fitWell(request: FitWellRequest): Promise<Best> {
  const { dataset, engine, out, parts, taught, validation, run, record, checkpoint, signal, finished } =
    request;
  const options = memberOptions(request.options, finished.length);
  const examples = fingerprintOf([...taught, ...parts.validation]);
  if (checkpoint && checkpoint.examples !== examples) throw otherMusic(out);
  const fit = new Fit(engine.tf, taught, options);
  const probe = probeOf(parts.train, validation.length);
  let best = checkpoint?.best;
  let epoch = 0;
  try {
    if (checkpoint) fit.state = checkpoint.fit;
    epoch = fit.epochs;
    while (epoch < options.epochs && !(best && epoch - best.epoch >= options.patience)) {
      const began = performance.now();
      const loss = await fit.epoch(signal);
      if (loss === undefined) throw stopped({ out, epoch, epochs: options.epochs });
      epoch = fit.epochs;
      const { weights, learningRate } = fit;
      const scores = scoresOf(run(weights, validation));
      const choice = choiceScore(scores);
      fit.judged(choice);
      const better = !best || choice > best.choice;
      if (better) best = { weights, epoch, choice };
      const event: EpochEvent = {
        type: 'epoch',
        epoch,
        ...(request.options.network.members > 1 ? { member: finished.length + 1 } : {}),
        loss,
        learningRate,
        train: scoresOf(run(weights, probe)),
        validation: scores,
        choice,
        best: better,
        seconds: (performance.now() - began) / 1000,
      };
      record.add(event);
      await record.write();
      const { log } = record;
      const common = {
        options: request.options,
        finished,
        data: dataset.folders,
        examples,
        engine: engine.description,
        log,
      };
      await writeCheckpoint(out, { ...common, best: best!, fit: fit.state });
    }
  } finally {
    fit.dispose();
  }
  return best!;
}

/** As many songs that are learned from as there are to validate, evenly out of all: how well the network knows them. */
function probeOf(examples: readonly Example[], count: number): Sequence[] {
  const maker = new SequenceMaker();
  const n = Math.min(count, examples.length);
  return Array.from({ length: n }, (_, i) =>
    maker.make([wholeClip(examples[Math.floor((i * examples.length) / n)]!)]),
  );
}

/** A hash of clips and labels, in their order. */
function fingerprintOf(examples: readonly Example[]): string {
  const hash = createHash('sha256');
  for (const { clip, steps, labels, tags, variants, lessons } of examples) {
    hash.update(`${clip.file}/${steps}/${variants?.length ?? 0}`);
    for (const { buffer, byteOffset, byteLength } of [labels, tags, lessons ?? []] as Float32Array[]) {
      if (byteLength) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest('hex');
}

function otherMusic(out: string): UserError {
  return new UserError(
    'bad-checkpoint',
    `The training in ${out} learned from other music than is there now; give the same folders with --data, or train anew with another --out.`,
  );
}
