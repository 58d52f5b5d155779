import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../src/user-error.ts';
import type { Clip } from '../datasets/dataset.ts';
import { songKey } from '../datasets/song.ts';
import type { Part, Split } from '../datasets/split.ts';

export const EVALUATION_PARTS = ['all', 'held-out', 'validation', 'train'] as const;
export type EvaluationPart = (typeof EVALUATION_PARTS)[number];

/** Clips that are evaluated together, and how the model used their songs in training. */
interface ClipPart {
  readonly name: EvaluationPart;
  readonly about: string;
  readonly clips: readonly Clip[];
}

const ABOUT: Readonly<Record<Part, string>> = {
  'held-out': 'Held-out songs (the model was trained neither on them nor on their artists)',
  validation: 'Validation songs (used for early stopping and calibration, so scores are too good)',
  train: 'Training songs (scores are too good)',
};

/** Keys in the format of `songKey`. With any other format, training songs would count as held out. */
const songKeys = z.array(z.string().regex(/^[^/]+\/./));
const splitSchema = z.object({ train: songKeys, validation: songKeys, 'held-out': songKeys });

/**
 * Reads the split that a model was trained with; undefined when its folder has none.
 *
 * @throws UserError `bad-model` when the file is not a valid split
 */
export async function readSplit(folder: string): Promise<Split | undefined> {
  const text = await readFile(join(folder, 'split.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return splitSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(
      'bad-model',
      `${join(folder, 'split.json')} does not list songs as train, validation and held-out; download the model again or delete this file.`,
      { cause },
    );
  }
}

/**
 * Groups clips by how the model used their songs in training. A song that is not in the split counts as held out. `all`
 * returns the held-out clips as a separate first part, because only they measure the model without bias.
 *
 * @throws UserError `bad-data` when the requested part has no song
 */
export function evaluationParts(
  clips: readonly Clip[],
  split: Split | undefined,
  wanted: EvaluationPart,
): ClipPart[] {
  if (!split) return [{ name: 'all', about: 'All songs (the training songs are unknown)', clips }];
  const train = new Set(split.train);
  const validation = new Set(split.validation);
  const partOfClip = ({ song }: Clip): Part => {
    const key = songKey(song);
    return train.has(key) ? 'train' : validation.has(key) ? 'validation' : 'held-out';
  };
  const part = (name: Part): ClipPart => ({
    name,
    about: ABOUT[name],
    clips: clips.filter((clip) => partOfClip(clip) === name),
  });
  if (wanted !== 'all') {
    const only = part(wanted);
    if (only.clips.length > 0) return [only];
    throw new UserError(
      'bad-data',
      `None of these songs is in the ${wanted} part of the model's split; try --split all.`,
    );
  }
  const heldOut = part('held-out');
  const trained = clips.filter((clip) => partOfClip(clip) === 'train').length;
  const all: ClipPart = {
    name: 'all',
    about: `All songs (the model was trained on ${trained} of these clips, so scores are too good)`,
    clips,
  };
  return heldOut.clips.length === 0 || heldOut.clips.length === clips.length
    ? [{ ...all, about: heldOut.clips.length === 0 ? all.about : heldOut.about }]
    : [heldOut, all];
}
