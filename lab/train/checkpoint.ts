import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packWeights, sizeOf, type WeightEntry, type Weights } from '../../src/model/weights.ts';
import { UserError } from '../../src/user-error.ts';
import { writeAtomicSync } from '../../src/util/write-atomic.ts';
import type { FitState } from './fit.ts';
import type { TrainOptions } from './options.ts';
import type { TrainEvent } from './train-event.ts';

const FILE = 'checkpoint.bin';
/** Increase it when the format changes. */
const VERSION = 2;

/** The weights with the best validation score so far. */
export interface Best {
  readonly epoch: number;
  readonly choice: number;
  readonly weights: Weights;
}

/** A training between two epochs. A resumed training ends with the same weights as an uninterrupted one. */
export interface Checkpoint {
  readonly options: TrainOptions;
  /** Folders of the music, as absolute paths. */
  readonly data: readonly string[];
  /** A hash of the examples: a training can only be resumed with the same music. */
  readonly examples: string;
  /** The engine's description; older checkpoints may lack it. */
  readonly engine?: string;
  readonly log: readonly TrainEvent[];
  /** Weights of the ensemble members that are finished. */
  readonly finished: readonly Weights[];
  readonly best: Best;
  readonly fit: FitState;
}

const headerSchema = z.object({
  version: z.literal(VERSION),
  // Written and read by this program only, so its content is not validated.
  checkpoint: z.custom<Checkpoint>((value) => typeof value === 'object' && value !== null),
  arrays: z.array(z.object({ name: z.string(), shape: z.array(z.number()), offset: z.number() })),
});

/** The parts of a checkpoint that are arrays; the rest is JSON. */
const ARRAYS = {
  best: (c: Checkpoint) => c.best.weights,
  variables: (c: Checkpoint) => c.fit.variables,
  means: (c: Checkpoint) => c.fit.means,
  first: (c: Checkpoint) => c.fit.optimiser.first,
  second: (c: Checkpoint) => c.fit.optimiser.second,
} as const;

/** Writes the length of the JSON, the JSON, then float32 arrays. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const all = Object.entries(ARRAYS).flatMap(([part, of]) =>
    Object.entries(of(checkpoint)).map(([name, array]) => [`${part}:${name}`, array] as const),
  );
  for (const [k, weights] of checkpoint.finished.entries()) {
    for (const [name, array] of Object.entries(weights)) all.push([`${finishedPart(k)}:${name}`, array]);
  }
  const { entries, bytes } = packWeights(Object.fromEntries(all));
  const { best, fit } = checkpoint;
  const light = {
    ...checkpoint,
    finished: checkpoint.finished.map(() => ({})),
    best: { ...best, weights: {} },
    fit: { ...fit, variables: {}, means: {}, optimiser: { ...fit.optimiser, first: {}, second: {} } },
  };
  const json = Buffer.from(JSON.stringify({ version: VERSION, checkpoint: light, arrays: entries }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  writeAtomicSync(join(folder, FILE), Buffer.concat([length, json, bytes]));
}

const finishedPart = (k: number): string => `finished-${k}`;

/** Reads the checkpoint of a folder; undefined if there is none. @throws UserError `bad-checkpoint` if it is damaged */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, FILE);
  const file = await readFile(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const end = 4 + file.readUInt32LE();
    const { checkpoint, arrays } = headerSchema.parse(JSON.parse(file.toString('utf8', 4, end)));
    const values = new Float32Array(new Uint8Array(file.subarray(end)).buffer);
    const part = (name: string) => weightsOf(arrays, values, `${name}:`);
    const { best, fit } = checkpoint;
    const optimiser = { ...fit.optimiser, first: part('first'), second: part('second') };
    return {
      ...checkpoint,
      finished: checkpoint.finished.map((_, k) => part(finishedPart(k))),
      best: { ...best, weights: part('best') },
      fit: { ...fit, variables: part('variables'), means: part('means'), optimiser },
    };
  } catch (cause) {
    throw new UserError(
      'bad-checkpoint',
      `The checkpoint ${path} cannot be read by this version of undertone; remove it and start the training again.`,
      { cause },
    );
  }
}

export async function removeCheckpoint(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
}

function weightsOf(entries: readonly WeightEntry[], values: Float32Array, prefix: string): Weights {
  const mine = entries.filter(({ name }) => name.startsWith(prefix));
  return Object.fromEntries(
    mine.map(({ name, shape, offset }) => [
      name.slice(prefix.length),
      { shape, values: values.slice(offset, offset + sizeOf(shape)) },
    ]),
  );
}
